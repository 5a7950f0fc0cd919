"""PDF/A-2a and PDF/UA-1 in one file; WeasyPrint knows either of them alone."""

import pydyf
from weasyprint import pdf as weasyprint_pdf

VARIANT = "pdf/a-2a+ua-1"
# PDF/A wants every schema explained that is not its own (ISO 19005-2, 6.6.2.3).
UA_METADATA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def install():
    archived, properties = weasyprint_pdf.VARIANTS["pdf/a-2a"]

    def archived_and_accessible(pdf, document, page_streams, attachments, compress):
        # Metadata are left uncompressed, for programs that know no PDF.
        archived(pdf, document, page_streams, attachments, False)
        number = int(pdf.catalog["Metadata"].split()[0])
        metadata = pdf.objects[number].stream
        metadata[0] = metadata[0].replace(b"</rdf:RDF>", UA_METADATA + b"</rdf:RDF>")
        for item in pdf.objects:
            if isinstance(item, pydyf.Stream) and "Interpolate" in item.extra:
                item.extra["Interpolate"] = "false"

    weasyprint_pdf.VARIANTS[VARIANT] = archived_and_accessible, properties
