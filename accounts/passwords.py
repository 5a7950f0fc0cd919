import secrets

# Nothing that is mistaken for another when read off paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def initial_password():
    """Sixteen letters in fours, some 79 bits: to be written down, typed once and replaced."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
