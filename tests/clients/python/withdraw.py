"""A verification through the generated client: create it, wait for its result, find it in the list; and a refusal.

Usage: python withdraw.py http://127.0.0.1:21117   (with `waybill_client` beside it or on PYTHONPATH)
"""

import sys
import time

from waybill_client import Client
from waybill_client.api.verifications import get_verification, list_verifications, verify
from waybill_client.models import Refusal, VerificationRequest

ROBOT = "27372039731940770"
ADDRESS = "0x5811001506550d8356a215be229c15b6ef371a9b"
DEADLINE_S = 30


def person(primary, secondary):
    name = {"primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL"}
    born = {"dateOfBirth": "1984-09-30", "placeOfBirth": "Leeds"}
    return {"naturalPerson": {"name": {"nameIdentifier": [name]}, "dateAndPlaceOfBirth": born}}


def request(beneficiary_vasp_id=ROBOT):
    return VerificationRequest.from_dict({
        "keyType": "PerVasp",
        "beneficiaryVaspId": beneficiary_vasp_id,
        "assetInfo": {
            "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": True,
            "tradePrice": "2500.00", "tradeCurrency": "USD", "tradeISODatetime": "2026-03-03T21:52:08.092Z",
        },
        "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
        "payload": {"version": "1.0", "ivms101": {
            "originator": {"originatorPersons": [person("Alex", "Doe")], "accountNumber": ["python-client"]},
            "beneficiary": {"beneficiaryPersons": [person("Taylor", "Robbins")], "accountNumber": [ADDRESS]},
        }},
    })


def until_answered(client, uuid):
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        record = get_verification.sync(uuid=uuid, client=client)
        if record.result != "WAIT":
            return record
        time.sleep(0.05)
    sys.exit(f"{uuid} is not answered")


def main(base_url):
    client = Client(base_url=base_url)
    accepted = verify.sync(client=client, body=request())
    assert not isinstance(accepted, Refusal), accepted
    uuid = accepted.verification_uuid

    record = until_answered(client, uuid)
    assert record.result == "VERIFIED", record
    assert record.asset_info.amount == "1.5", record

    page = list_verifications.sync(client=client, originator_account_number="python-client", rpp=5)
    assert uuid in [listed.verification_uuid for listed in page.verifications], page

    refused = verify.sync_detailed(client=client, body=request("4"))
    assert (refused.status_code, refused.parsed.code) == (400, "ALLIANCE-NOT-FOUND"), refused
    print(f"verified {uuid}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:21117")
