import pytest


@pytest.fixture
def save_settings(client, admin, agency):
    """save_settings(**changes) sends the settings page as it is but for them."""
    client.force_login(admin)

    def save(**changes):
        data = {
            "name": agency.name,
            "kind": agency.kind,
            "district": agency.district,
            "province": agency.province,
            "threshold": "80.00",
        }
        return client.post(f"/a/{agency.code}/settings/", data | changes)

    return save
