// A verification through the generated client: create it, wait for its result, find it in the list; and a refusal.
// Usage: node out/withdraw.js http://127.0.0.1:21117

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./waybill.js";

const ROBOT = "27372039731940770";
const ADDRESS = "0x5811001506550d8356a215be229c15b6ef371a9b";
const DEADLINE_MS = 30_000;

const api = createClient<paths>({ baseUrl: process.argv[2] ?? "http://127.0.0.1:21117" });

function person(primary: string, secondary: string): components["schemas"]["Person"] {
  const name = { primaryIdentifier: primary, secondaryIdentifier: secondary, nameIdentifierType: "LEGL" as const };
  const dateAndPlaceOfBirth = { dateOfBirth: "1984-09-30", placeOfBirth: "Leeds" };
  return { naturalPerson: { name: { nameIdentifier: [name] }, dateAndPlaceOfBirth } };
}

const request: components["schemas"]["VerificationRequest"] = {
  keyType: "PerVasp",
  beneficiaryVaspId: ROBOT,
  assetInfo: {
    symbol: "ETH",
    network: "Ethereum",
    amount: "1.5",
    isExceedingThreshold: true,
    tradePrice: "2500.00",
    tradeCurrency: "USD",
    tradeISODatetime: "2026-03-03T21:52:08.092Z",
  },
  requiredBeneficiaryInfo: "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
  payload: {
    version: "1.0",
    ivms101: {
      originator: { originatorPersons: [person("Alex", "Doe")], accountNumber: ["typescript-client"] },
      beneficiary: { beneficiaryPersons: [person("Taylor", "Robbins")], accountNumber: [ADDRESS] },
    },
  },
};

async function create(): Promise<string> {
  const header = { "Idempotency-Key": `typescript-${process.pid}-${Date.now()}` };
  const first = await api.POST("/v1/verifications", { params: { header }, body: request });
  assert(first.data, JSON.stringify(first.error));
  const again = await api.POST("/v1/verifications", { params: { header }, body: request });
  assert.deepEqual(again.data, first.data);
  return first.data.verificationUuid;
}

async function untilAnswered(uuid: string): Promise<components["schemas"]["Verification"]> {
  for (const started = Date.now(); Date.now() - started < DEADLINE_MS; await sleep(50)) {
    const { data, error } = await api.GET("/v1/verifications/{uuid}", { params: { path: { uuid } } });
    assert(data, JSON.stringify(error));
    if (data.result !== "WAIT") return data;
  }
  throw new Error(`${uuid} is not answered`);
}

const uuid = await create();
const record = await untilAnswered(uuid);
assert.equal(record.result, "VERIFIED", JSON.stringify(record));
assert.equal(record.assetInfo.amount, "1.5");

const query = { originatorAccountNumber: "typescript-client", rpp: 5 };
const list = await api.GET("/v1/verifications", { params: { query } });
assert(list.data?.verifications.some((listed) => listed.verificationUuid === uuid));

const unknown = { beneficiaryVaspId: "4" };
const refused = await api.POST("/v1/verifications", { body: { ...request, ...unknown } });
assert.equal(refused.response.status, 400);
assert.equal(refused.error?.code, "ALLIANCE-NOT-FOUND");

console.log(`verified ${uuid}`);
