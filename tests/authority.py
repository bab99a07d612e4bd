"""A certificate authority of the tests' own: server certificates that it vouches for, and some that nobody should take."""

from __future__ import annotations

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huanyu import clock

HERE = "127.0.0.1"
DAY = timedelta(days=1)
SIGNS = {"key_cert_sign": True, "crl_sign": True, "digital_signature": False}
SERVES = {"key_cert_sign": False, "crl_sign": False, "digital_signature": True}
NEITHER = dict.fromkeys(
    ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
) | {"encipher_only": False, "decipher_only": False}


class Authority:
    """Vouches for servers; `file` is what has to be trusted for that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests Authority")])
        made = self._begun(self._name, self._key.public_key(), SIGNS, timedelta())
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(_pem(made.sign(self._key, hashes.SHA256())))

    def server(self, host: str = HERE, ago: timedelta = timedelta()) -> ssl.SSLContext:
        """A server's side of TLS with a certificate for this host, which was to be renewed so long `ago` and a day less."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._begun(name, key.public_key(), SERVES, ago)
        made = made.add_extension(x509.SubjectAlternativeName([named]), critical=False)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self._folder / f"{host}-{ago.days}.pem"
        file.write_bytes(private + _pem(made.sign(self._key, hashes.SHA256())))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _begun(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, use: dict[str, bool], ago: timedelta
    ) -> x509.CertificateBuilder:
        mine = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(clock.now() - DAY - ago)
            .not_valid_after(clock.now() + DAY - ago)
            .add_extension(x509.KeyUsage(**NEITHER, **use), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(mine, critical=False)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
