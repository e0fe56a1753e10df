"""Signing keys: made once, kept from others, outside home and program; signatures that hold for exactly their bytes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.signing import NyckelFel, Signer, is_signed, make_key


@pytest.fixture
def path(tmp_path):
    return tmp_path / "nycklar" / "nyckel.pem"


def test_a_key_signs_exactly_its_bytes(path):
    public = make_key(path)
    signer = Signer(path, ())
    assert signer.public == public
    assert path.stat().st_mode & 0o777 == 0o600
    signature = signer.sign(b"rapport")
    assert signature == signer.sign(b"rapport")
    assert is_signed(b"rapport", signature, public)
    assert not is_signed(b"rapporT", signature, public)
    assert not is_signed(b"rapport", signature[:-1] + ("0" if signature[-1] != "0" else "1"), public)
    assert not is_signed(b"rapport", signature, make_key(path.with_name("annan.pem")))
    assert not is_signed(b"rapport", "ingen hex", public)


def test_a_key_that_is_there_is_not_written_over(path):
    make_key(path)
    before = path.read_bytes()
    with pytest.raises(NyckelFel, match="E934 Det finns redan"):
        make_key(path)
    assert path.read_bytes() == before


def test_a_key_that_others_can_read_or_that_lies_in_the_home_is_not_used(path, tmp_path):
    make_key(path)
    with pytest.raises(NyckelFel, match=r"E934 Nyckeln .* ligger i"):
        Signer(path, (tmp_path / "annan", tmp_path))
    path.chmod(0o640)
    with pytest.raises(NyckelFel, match="E934 Andra får läsa"):
        Signer(path, ())


def test_what_is_no_key_of_ours_is_refused(path):
    with pytest.raises(NyckelFel, match="E934 Ingen signeringsnyckel"):
        Signer(path, ())
    path.parent.mkdir()
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, said in ((b"nonsens", "är ingen signeringsnyckel"), (other, "fel slag")):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(NyckelFel, match=f"E934 .*{said}"):
            Signer(path, ())
