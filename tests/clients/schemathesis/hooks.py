"""Real verifications for what is asked about one: a made-up uuid is met with 404 and nothing else is seen.

`VERIFICATIONS` names a file with a list of uuids. A well-formed uuid in a request becomes one of them, chosen by the
request; one that breaks the description stays, and each tenth request asks about a verification that nobody has.
"""

import json
import os
import re
import zlib

import schemathesis

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

with open(os.environ["VERIFICATIONS"], encoding="utf-8") as file:
    KNOWN = json.load(file)

asked = 0


def known(made_up, request):
    global asked
    asked += 1
    if asked % 10 == 0:
        return made_up
    return KNOWN[zlib.crc32(f"{asked} {request}".encode()) % len(KNOWN)]


def is_uuid(value):
    return isinstance(value, str) and UUID.fullmatch(value) is not None


@schemathesis.hook
def before_call(context, case, kwargs):
    if isinstance(case.body, dict) and is_uuid(case.body.get("verificationUuid")):
        request = json.dumps(case.body, sort_keys=True, default=str)
        case.body = {**case.body, "verificationUuid": known(case.body["verificationUuid"], request)}
    path = case.path_parameters
    if path and is_uuid(path.get("uuid")):
        case.path_parameters = {**path, "uuid": known(path["uuid"], str(path))}
