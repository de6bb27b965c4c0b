#!/usr/bin/env python3
"""Records what a released version of the service keeps, for the tests of upgrades.

    record.py SERVICE_DLL SCHEMA_VERSION OUTPUT.zip

Runs that version, has it store every kind of thing that it knows, restarts it, asks for all of it, and packs its data directory
with the answers. Needs nothing but Python and the .NET runtime.
"""

import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

SETTINGS = ["--Address", "127.0.0.1", "--Port", "0", "--CleartextHttpPort", "0",
            "--MinimumHeartbeatInterval", "0", "--MinimumHoldTime", "00:00:00"]
FAILOVER = "/api/v1/clientfailover"
LONG = "1.00:00:00"
DAY = 24 * 60 * 60 * 10_000_000


class Service:
    def __init__(self, program, data):
        self.process = subprocess.Popen(["dotnet", program, "--DataDirectory", data, *SETTINGS], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "(HTTP/1.1 without encryption)" in line:
                self.base = line.split("listens on ")[1].split(" ")[0].strip()
                break
        with open(os.path.join(data, "initial-accounts.json"), encoding="utf-8") as file:
            account = next(a for a in json.load(file) if a["Role"] == "AVEVAFailoverAdministrators")
        self.credentials = base64.b64encode(f"{account['Name']}:{account['Password']}".encode()).decode()

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + urllib.parse.quote(path, safe="/?=&:"), method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Basic " + self.credentials, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error
        return json.loads(text) if text else None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.read()
        self.process.wait()


def beat(service, base, group, session, score, processed=None):
    body = {"FailoverScore": score, "HeartbeatTime": "2026-11-24T18:00:00Z"}
    if processed:
        body["LastDataProcessedTime"] = processed
    return service.call("POST", f"{base}/groups/{group}/clientsessions/{session}/heartbeat", body)["Role"]


def until_primary(service, base, group, session, score):
    for _ in range(1000):
        if beat(service, base, group, session, score) == 1:
            return
    raise SystemExit(f"{session} of {group} did not become Primary.")


def fill_group(service, base, group, timeout):
    service.call("POST", f"{base}/groups", {
        "Id": group, "Name": "Line 1", "Description": "Größe, Ångström, 温度", "FailoverTimeout": timeout,
        "AdditionalData": {"Site": "North", "Numbers": [1, 2.5, -3e10], "Deep": {"Null": None, "True": True}}})
    service.call("POST", f"{base}/groups/{group}/clientsessions", {"Id": "Host1.Modbus", "Name": "Host1 Modbus"})
    service.call("POST", f"{base}/groups/{group}/clientsessions", {"Id": "host2.Modbus"})
    service.call("POST", f"{base}/groups/{group}/clientsessions", {"Id": "straße", "Name": "Dritte"})
    until_primary(service, base, group, "Host1.Modbus", 50)
    for session in ["host2.Modbus", "straße", "Host1.Modbus", "Host1.Modbus"]:
        beat(service, base, group, session, 50, "2026-11-24T17:59:58.1234567Z")
    until_primary(service, base, group, "host2.Modbus", 75)


def fill(service, schema):
    fill_group(service, FAILOVER, "Line1", LONG)
    service.call("POST", f"{FAILOVER}/groups/Line1/clientsessions/straße/roleoverride", {"Value": "Secondary"})
    fill_group(service, FAILOVER, "Zähler 2", LONG)
    service.call("POST", f"{FAILOVER}/groups/Zähler 2/clientsessions/Host1.Modbus/roleoverride",
                 {"Value": "Primary", "ExpirationPeriod": "36500.00:00:00"})
    until_primary(service, FAILOVER, "Zähler 2", "Host1.Modbus", 10)

    # One that is about to become Primary.
    fill_group(service, FAILOVER, "Pending", LONG)
    if beat(service, FAILOVER, "Pending", "Host1.Modbus", 100) != 2:
        raise SystemExit("Host1.Modbus of Pending is not about to become Primary.")

    # Losses, an order that was withdrawn, a session that was removed, a group that left only its term.
    fill_group(service, FAILOVER, "Short", "00:00:01")
    service.call("POST", f"{FAILOVER}/groups/Short/clientsessions/Host1.Modbus/roleoverride", {"Value": 1, "ExpirationPeriod": "00:10:00"})
    service.call("POST", f"{FAILOVER}/groups/Short/clientsessions/Host1.Modbus/roleoverride", {"Value": 0})
    until_primary(service, FAILOVER, "Short", "host2.Modbus", 75)
    end = time.monotonic() + 4
    while time.monotonic() < end:
        beat(service, FAILOVER, "Short", "Host1.Modbus", 50)
        time.sleep(0.1)
    beat(service, FAILOVER, "Short", "host2.Modbus", 50)
    service.call("DELETE", f"{FAILOVER}/groups/Short/clientsessions/straße")
    service.call("POST", f"{FAILOVER}/groups", {"Id": "Empty"})
    fill_group(service, FAILOVER, "Gone", "00:00:01")
    time.sleep(3)
    service.call("DELETE", f"{FAILOVER}/groups/Gone")
    if schema >= 2:
        def entry(trustee, kind, denied, rights):
            return {"Trustee": {"Type": kind, "ObjectId": trustee}, "AccessType": denied, "AccessRights": rights}
        service.call("PUT", f"{FAILOVER}/groups/Line1/accesscontrol", {"RoleTrusteeAccessControlEntries": [
            entry("AVEVAFailoverAdministrators", 3, 0, 31), entry("AVEVAFailoverUsers", 3, 0, 1), entry("line2", 1, 1, 2)]})
        service.call("PUT", "/api/v1/accesscontrol/clientfailover/groups", {"RoleTrusteeAccessControlEntries": [
            entry("AVEVAFailoverAdministrators", 3, 0, 31), entry("AVEVAFailoverUsers", 3, 0, 3)]})
    if schema >= 3:
        service.call("POST", "/api/v1/tenants", {"Id": "Acme", "Name": "Acme Ltd", "Description": "Another one"})
        service.call("POST", "/api/v1/tenants/Acme/namespaces", {
            "Id": "Plant", "Name": "Plant 1", "Limits": {"MaximumGroups": 5, "MaximumSessions": 50, "RequestsPerSecond": 500}})
        fill_group(service, "/api/v1/tenants/Acme/namespaces/Plant/clientfailover", "Line1", LONG)
    if schema >= 4:
        service.call("PUT", "/api/v1/configuration", {"Logging": {"LogLevel": "Warning"}, "HealthEndpoints": [
            {"Id": "PI", "Endpoint": "https://pi.example/piwebapi/omf", "Username": "omf", "Password": "not a secret", "ValidateEndpointCertificate": False},
            {"Id": "Hub", "Endpoint": "https://hub.example/omf", "ClientId": "id", "ClientSecret": "no secret either", "TokenEndpoint": "https://hub.example/token"}]})


def age(data):
    """What takes days to come about is put there as the service puts it: a session that nobody has heard from for three days."""
    database = sqlite3.connect(os.path.join(data, "clientfailover.db"))
    with database:
        changed = database.execute(
            "UPDATE sessions SET silence = ? WHERE session_id = 'straße'"
            " AND group_row = (SELECT id FROM groups WHERE group_id = 'Line1' AND tenant = 'default')", (3 * DAY,)).rowcount
    database.close()
    if changed != 1:
        raise SystemExit(f"{changed} sessions were made older.")


def settle(data):
    """Takes into the database what its log has: only that one file is packed."""
    database = sqlite3.connect(os.path.join(data, "clientfailover.db"))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def ask(service, schema):
    spaces = [FAILOVER] + (["/api/v1/tenants/Acme/namespaces/Plant/clientfailover"] if schema >= 3 else [])
    paths = []
    for base in spaces:
        paths.append(f"{base}/groups?count=1000")
        for group in service.call("GET", f"{base}/groups?count=1000"):
            of = f"{base}/groups/{group['Id']}"
            paths += [of, f"{of}/status", f"{of}/clientsessions", f"{of}/events?count=1000"]
            paths += [f"{of}/accesscontrol"] if schema >= 2 else []
    paths += ["/api/v1/accesscontrol/clientfailover/groups"] if schema >= 2 else []
    paths += ["/api/v1/tenants", "/api/v1/tenants/Acme", "/api/v1/tenants/Acme/namespaces", "/api/v1/tenants/Acme/namespaces/Plant"] if schema >= 3 else []
    paths += ["/api/v1/configuration"] if schema >= 4 else []
    return {path: service.call("GET", path) for path in paths}


def main():
    program, schema, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory() as data:
        service = Service(program, data)
        fill(service, schema)
        service.stop()
        if schema >= 5:
            age(data)

        # What it knows of heartbeats is not kept: asked after a restart, it tells what a newer version must tell.
        service = Service(program, data)
        answers = ask(service, schema)
        service.stop()
        settle(data)
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("answers.json", json.dumps(answers, ensure_ascii=False, indent=1))
            for name in ["clientfailover.db", "users.json", "initial-accounts.json"]:
                archive.write(os.path.join(data, name), "data/" + name)
            keys = os.path.join(data, "keys")
            for name in sorted(os.listdir(keys)) if os.path.isdir(keys) else []:
                archive.write(os.path.join(keys, name), "data/keys/" + name)


main()
