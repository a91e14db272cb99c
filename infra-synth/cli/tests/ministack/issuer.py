"""An identity provider for tests, on a free port of this machine: it publishes its key and signs whatever it is told to.

It says its address on the first line of its standard output, and ends with its standard input.
"""

import base64
import hashlib
import hmac
import http.server
import json
import sys
import threading

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_ID = "issuer-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    return base64url(json.dumps(value).encode())


def number(value):
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def rs256(key, text):
    return key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())


def hs256(text):
    """As if the published key were a secret: how a verifier is fooled that lets the token choose the algorithm."""
    public = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hmac.new(public, text.encode(), hashlib.sha256).digest()


def sign(header, claims, signing):
    signed = f"{part(header)}.{part(claims)}"
    signature = {
        "Issuer": lambda: rs256(KEY, signed),
        "Stranger": lambda: rs256(STRANGER, signed),
        "OtherClaims": lambda: rs256(KEY, f"{part(header)}.{part(claims | {'sub': 'another'})}"),
        "Nothing": lambda: b"",
        "PublicKeyAsSecret": lambda: hs256(signed),
    }[signing]()
    return f"{signed}.{base64url(signature)}"


class Issuer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        public = KEY.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": KEY_ID,
            "n": number(public.n),
            "e": number(public.e),
        }
        documents = {
            "/.well-known/openid-configuration": {"issuer": URL, "jwks_uri": f"{URL}/keys"},
            "/keys": {"keys": [key]},
        }
        self.answer(json.dumps(documents[self.path]))

    def do_POST(self):
        token = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.answer(sign(token["header"], token["claims"], token["signing"]))

    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Nothing: a token is nobody's business."""


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
URL = f"http://127.0.0.1:{SERVER.server_port}"
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
print(URL, flush=True)
sys.stdin.read()
