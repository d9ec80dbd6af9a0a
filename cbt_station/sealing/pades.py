"""PDF papers: attachments in, a PAdES B-B signature (ECDSA P-256) around all of it, and the check of both.

Certified with no changes allowed. B-B and not more, because there is no time authority offline; what anchors a paper
in time is the note it carries. P-256 and not Ed25519, because PDF readers check that. The issuer is a certificate of
our own whose hash stands in the trust list: validity is checked here, an issuer's fame is not.

pyHanko leaks ValueError, AttributeError and the like on damaged files: whatever it raises is Tampered("pdf-…").
"""

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Collection, Mapping
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Struct
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cbt_station.errors import Refusal, Tampered

FIELD = "CBTStation"
MOST_BYTES = 64 << 20
MOST_ATTACHMENTS = 64
TWENTY_YEARS = dt.timedelta(days=7305)
SIGNATURE_HEX_DIGITS = 8192
"""Room for the signature, the same in every paper: a P-256 signature with its certificate needs about 3,000."""


class CheckedPdf(Struct, frozen=True):
    """A paper whose one signature covers all of it. `certificate`: SHA-256 of the signer's, hex."""

    attachments: dict[str, bytes]
    certificate: str


def new_pdf_key(name: str, now: dt.datetime) -> tuple[bytes, bytes]:
    """A fresh P-256 key and its self-signed certificate for 20 years, as PEM: (certificate, key)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + TWENTY_YEARS)
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()  # the caller locks it: `keyfile.lock`
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return certificate.public_bytes(serialization.Encoding.PEM), secret


def certificate_sha256(certificate_pem: bytes) -> str:
    """SHA-256 over the certificate's DER, as it stands in the trust list; Refusal("certificate-malformed")."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
    except ValueError as error:
        raise Refusal("certificate-malformed") from error
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


class PdfSigner:
    """One certificate with its key, loaded once for many papers."""

    def __init__(self, certificate_pem: bytes, key_pem: bytes) -> None:
        self.certificate = certificate_sha256(certificate_pem)
        try:
            _, _, certificate = asn1_pem.unarmor(certificate_pem)
            _, _, key = asn1_pem.unarmor(key_pem)
            self._signer = signers.SimpleSigner(
                signing_cert=asn1_x509.Certificate.load(certificate),
                signing_key=asn1_keys.PrivateKeyInfo.load(key),
                cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
            )
        except (ValueError, TypeError) as error:
            raise Refusal("certificate-malformed") from error

    def sign(self, pdf: bytes, attachments: Mapping[str, bytes], now: dt.datetime) -> bytes:
        """Attach, then certify with no changes allowed."""
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for name, data in attachments.items():
            stored = embed.EmbeddedFileObject.from_file_data(
                writer,
                data,
                compress=False,
                mime_type="text/plain",
                params=embed.EmbeddedFileParams(creation_date=now),
            )
            relation = generic.NameObject("/Data")
            embed.embed_file(writer, embed.FileSpec(name, name, stored, af_relationship=relation))
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        signed = io.BytesIO()
        pdf_signer = signers.PdfSigner(meta, signer=self._signer, new_field_spec=fields.SigFieldSpec(FIELD))
        pdf_signer.sign_pdf(writer, output=signed, bytes_reserved=SIGNATURE_HEX_DIGITS)
        return signed.getvalue()


def sign_pdf(
    pdf: bytes, certificate_pem: bytes, key_pem: bytes, attachments: Mapping[str, bytes], now: dt.datetime
) -> bytes:
    """One paper; for many, keep a `PdfSigner`."""
    return PdfSigner(certificate_pem, key_pem).sign(pdf, attachments, now)


def check_pdf(data: bytes, trusted: Collection[str]) -> CheckedPdf:
    """The paper's only signature covers all of it, is valid, and is by a certificate whose SHA-256 is trusted.

    Codes: pdf-malformed, pdf-unsigned, pdf-changed, pdf-signature, pdf-certificate-unknown.
    """
    if len(data) > MOST_BYTES or not data.startswith(b"%PDF-"):
        raise Tampered("pdf-malformed")
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        return _check(data, trusted)
    except Tampered:
        raise
    except Exception as error:
        raise Tampered("pdf-malformed") from error


def _check(data: bytes, trusted: Collection[str]) -> CheckedPdf:
    reader = PdfFileReader(io.BytesIO(data))
    signatures = list(reader.embedded_signatures)
    if len(signatures) != 1:
        raise Tampered("pdf-unsigned", signatures=len(signatures))
    signature: Any = signatures[0]
    certificate = signature.signer_cert
    der_hash = hashlib.sha256(certificate.dump()).hexdigest()
    if der_hash not in trusted:
        raise Tampered("pdf-certificate-unknown", certificate=der_hash)
    context = ValidationContext(
        trust_roots=[certificate],
        moment=certificate["tbs_certificate"]["validity"]["not_before"].native + dt.timedelta(days=1),
        allow_fetching=False,
    )
    status = validate_pdf_signature(signature, signer_validation_context=context)
    if not status.intact or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise Tampered("pdf-changed")
    _require_whole_range(data, signature)
    if not (status.valid and status.trusted and status.docmdp_ok):
        raise Tampered("pdf-signature")
    return CheckedPdf(_attachments(reader), der_hash)


def _require_whole_range(data: bytes, signature: Any) -> None:
    """Nothing but the signature's own hex digits lies outside the signed range (no hole to hide content in)."""
    start, first, second, rest = (int(number) for number in signature.byte_range)
    hole = data[first:second]
    hexadecimal = hole[:1] == b"<" and hole[-1:] == b">" and len(hole) == SIGNATURE_HEX_DIGITS + 2
    if start != 0 or second + rest != len(data) or not hexadecimal:
        raise Tampered("pdf-changed")


def _attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """The embedded files by name; a name twice is refused."""
    names = reader.root["/Names"] if "/Names" in reader.root else {}  # noqa: SIM401 (its get() does not dereference)
    listed = names["/EmbeddedFiles"]["/Names"] if "/EmbeddedFiles" in names else []
    if len(listed) > 2 * MOST_ATTACHMENTS or len(listed) % 2:
        raise Tampered("pdf-malformed")
    found: dict[str, bytes] = {}
    for at in range(0, len(listed), 2):
        spec = listed[at + 1]
        name = str(spec["/UF"] if "/UF" in spec else spec["/F"])
        if name in found:
            raise Tampered("pdf-malformed")
        found[name] = bytes(spec["/EF"]["/F"].data)
    return found
