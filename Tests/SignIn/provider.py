"""oidc-provider-mock on loopback: PKCE is checked, and its ID tokens are made wrong when a check asks for it."""

import base64
import hashlib
import json
import logging
import os
import threading
import time
import urllib.parse

# Plain HTTP is for loopback alone, as it is for the service.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import flask
import oidc_provider_mock
from authlib import jose
from werkzeug.serving import make_server


class Provider:
    def __init__(self, people: dict[str, dict]):
        #: Claims that replace the right ones; a value of None takes one away.
        self.claims: dict = {}
        #: Whether tokens are signed with a key that is not published, and how often keys were asked for.
        self.signs_with_unknown_key = False
        self.keys_asked = 0
        #: Codes with the challenge of their question; questions seen.
        self.challenges: dict[str, str] = {}
        self.questions: list[dict] = []
        self.app = oidc_provider_mock.app(
            require_nonce=True, user_claims=[oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people.items()])
        self.app.before_request(self.check_verifier)
        self.app.after_request(self.observe)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        logging.getLogger("oidc_provider_mock").setLevel(logging.CRITICAL)
        self.port = 0
        self.start()

    def start(self):
        self.server = make_server("localhost", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def change_keys(self):
        """As providers do every few weeks."""
        with self.app.test_request_context():
            self.app.preprocess_request()
            flask.g.oidc_provider_mock_storage.jwk = jose.RSAKey.generate_key(is_private=True)

    def check_verifier(self):
        """The mock keeps no challenges; RFC 7636, 4.6."""
        if flask.request.path != "/oauth2/token":
            return None
        challenge = self.challenges.pop(flask.request.form.get("code", ""), None)
        digest = hashlib.sha256(flask.request.form.get("code_verifier", "").encode()).digest()
        if challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            return None
        return flask.jsonify({"error": "invalid_grant"}), 400

    def observe(self, response):
        request = flask.request
        if request.path == "/jwks":
            self.keys_asked += 1
        if request.path == "/oauth2/authorize" and request.method == "POST" and response.status_code == 302:
            question = request.args.to_dict()
            self.questions.append(question)
            code = urllib.parse.parse_qs(urllib.parse.urlsplit(response.headers["Location"]).query).get("code", [""])[0]
            if question.get("code_challenge_method") == "S256":
                self.challenges[code] = question["code_challenge"]
        if request.path == "/oauth2/token" and response.status_code == 200 and (self.claims or self.signs_with_unknown_key):
            response.set_data(json.dumps(self.wrong(response.get_json())))
        return response

    def wrong(self, tokens: dict) -> dict:
        key = flask.g.oidc_provider_mock_storage.jwk
        claims = {**jose.jwt.decode(tokens["id_token"], key), **self.claims}
        if self.signs_with_unknown_key:
            key = jose.RSAKey.generate_key(is_private=True)
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": key.thumbprint()}
        return {**tokens, "id_token": jose.jwt.encode(header, claims, key).decode()}


def now() -> int:
    return int(time.time())
