"""Talks to the simulator as a program with boto3 would; prints one JSON object for each check."""

import json
import os
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
CONFIG = Config(retries={"total_max_attempts": 1})
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"

sso = boto3.client("sso-admin", endpoint_url=ENDPOINT, config=CONFIG)
store = boto3.client("identitystore", endpoint_url=ENDPOINT, config=CONFIG)
organizations = boto3.client("organizations", endpoint_url=ENDPOINT, config=CONFIG)

state = {}


def control(what, body):
    """Changes what the simulator does."""
    request = urllib.request.Request(
        f"{ENDPOINT}/_simulator/{what}",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    urllib.request.urlopen(request).read()


def refused(error_class, call, **arguments):
    """The call must be refused with this class of the client's own exceptions."""
    try:
        call(**arguments)
    except error_class as error:
        return error.response["Error"]["Message"]
    raise AssertionError(f"expected {error_class.__name__}, but the call was answered")


def settled(describe, key, member, request_id):
    """Polls an operation to its end."""
    for _ in range(100):
        status = describe(InstanceArn=state["instance"], **{key: request_id})[member]
        if status["Status"] != "IN_PROGRESS":
            return status
        time.sleep(0.1)
    raise AssertionError(f"{request_id} is IN_PROGRESS after 10 s")


def created(request_id):
    return settled(
        sso.describe_account_assignment_creation_status,
        "AccountAssignmentCreationRequestId",
        "AccountAssignmentCreationStatus",
        request_id,
    )


def deleted(request_id):
    return settled(
        sso.describe_account_assignment_deletion_status,
        "AccountAssignmentDeletionRequestId",
        "AccountAssignmentDeletionStatus",
        request_id,
    )


def create():
    return sso.create_account_assignment(**state["assignment"])["AccountAssignmentCreationStatus"]["RequestId"]


def delete():
    return sso.delete_account_assignment(**state["assignment"])["AccountAssignmentDeletionStatus"]["RequestId"]


def list_instances():
    (instance,) = sso.list_instances()["Instances"]
    state["instance"] = instance["InstanceArn"]
    state["store"] = instance["IdentityStoreId"]


def create_permission_set():
    made = sso.create_permission_set(
        InstanceArn=state["instance"], Name="Boto3", Tags=[{"Key": "owner", "Value": "boto3"}]
    )["PermissionSet"]
    state["set"] = {"InstanceArn": state["instance"], "PermissionSetArn": made["PermissionSetArn"]}
    tags = sso.list_tags_for_resource(InstanceArn=state["instance"], ResourceArn=made["PermissionSetArn"])["Tags"]
    assert tags == [{"Key": "owner", "Value": "boto3"}], tags
    assert made["CreatedDate"].year >= 2024, made


def managed_policy():
    sso.attach_managed_policy_to_permission_set(**state["set"], ManagedPolicyArn=POLICY)
    attached = sso.list_managed_policies_in_permission_set(**state["set"])["AttachedManagedPolicies"]
    assert [one["Arn"] for one in attached] == [POLICY], attached
    sso.detach_managed_policy_from_permission_set(**state["set"], ManagedPolicyArn=POLICY)
    assert sso.list_managed_policies_in_permission_set(**state["set"])["AttachedManagedPolicies"] == []


def inline_policy():
    policy = '{"Version":"2012-10-17","Statement":[]}'
    sso.put_inline_policy_to_permission_set(**state["set"], InlinePolicy=policy)
    assert sso.get_inline_policy_for_permission_set(**state["set"])["InlinePolicy"] == policy
    sso.delete_inline_policy_from_permission_set(**state["set"])


def directory():
    user = store.list_users(IdentityStoreId=state["store"])["Users"][0]
    found = store.get_user_id(
        IdentityStoreId=state["store"],
        AlternateIdentifier={"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": user["UserName"]}},
    )
    assert found["UserId"] == user["UserId"], found
    state["user"] = user["UserId"]


def accounts():
    listed = [one for page in organizations.get_paginator("list_accounts").paginate() for one in page["Accounts"]]
    owner = organizations.describe_organization()["Organization"]["MasterAccountId"]
    account = next(one for one in listed if one["Id"] != owner)
    assert organizations.describe_account(AccountId=account["Id"])["Account"]["Id"] == account["Id"]
    state["assignment"] = {
        **state["set"],
        "TargetId": account["Id"],
        "TargetType": "AWS_ACCOUNT",
        "PrincipalType": "USER",
        "PrincipalId": state["user"],
    }


def conflict():
    state["request"] = create()
    refused(sso.exceptions.ConflictException, sso.create_account_assignment, **state["assignment"])


def assignment():
    assert created(state["request"])["Status"] == "SUCCEEDED"


def duplicate():
    assert created(create())["Status"] == "SUCCEEDED"


def delete_assignment():
    assert deleted(delete())["Status"] == "SUCCEEDED"


def delete_again():
    status = deleted(delete())
    assert status["Status"] == "FAILED" and "404" in status["FailureReason"], status


def paginators():
    """Every paginator whose lists the simulator has, with pages of any length: the same rows as in full pages."""
    assignments = {**state["set"], "AccountId": state["assignment"]["TargetId"]}
    instance = {"InstanceArn": state["instance"]}
    principal = {**instance, "PrincipalId": state["user"], "PrincipalType": "USER"}
    lists = {
        "list_account_assignment_creation_status": instance,
        "list_account_assignment_deletion_status": instance,
        "list_account_assignments": assignments,
        "list_account_assignments_for_principal": principal,
        "list_accounts_for_provisioned_permission_set": state["set"],
        "list_customer_managed_policy_references_in_permission_set": state["set"],
        "list_instances": {},
        "list_managed_policies_in_permission_set": state["set"],
        "list_permission_set_provisioning_status": instance,
        "list_permission_sets": instance,
        "list_permission_sets_provisioned_to_account": {**instance, "AccountId": assignments["AccountId"]},
        "list_regions": instance,
        "list_tags_for_resource": {**instance, "ResourceArn": state["set"]["PermissionSetArn"]},
    }
    known = {name for name in dir(sso) if name.startswith("list_") and sso.can_paginate(name)}
    outside = {name for name in known if "application" in name or "trusted_token" in name}
    missing = known - outside - set(lists)
    assert not missing, f"no check of {sorted(missing)}"
    control("settings", {"listForPrincipalByDelegatedAdmin": "allowed"})
    read = {}
    for pages in ["full", "short", "sometimes-empty"]:
        control("settings", {"pages": pages})
        for name in known - outside:
            result = sso.get_paginator(name).paginate(**lists[name]).build_full_result()
            rows = json.dumps({key: rows for key, rows in result.items() if key != "NextToken"}, default=str)
            assert read.setdefault(name, rows) == rows, f"{name} differs in {pages} pages"
    control("settings", {"pages": "full"})


def throttling():
    control("faults", {"operation": "ListInstances", "effect": "throttle"})
    refused(sso.exceptions.ThrottlingException, sso.list_instances)


def validation():
    bad = {**state["set"], "PermissionSetArn": "arn:aws:sso:::nonsense"}
    message = refused(sso.exceptions.ValidationException, sso.describe_permission_set, **bad)
    assert "permissionSetArn" in message, message


CHECKS = [
    ("list instances", list_instances),
    ("create a permission set with tags", create_permission_set),
    ("attach and detach a managed policy", managed_policy),
    ("inline policy", inline_policy),
    ("identity store: list users, get user id", directory),
    ("organizations: list and describe accounts", accounts),
    ("conflicting create", conflict),
    ("create an assignment, poll to SUCCEEDED", assignment),
    ("create it again", duplicate),
    ("paginators, with short and empty pages", paginators),
    ("delete it, poll to SUCCEEDED", delete_assignment),
    ("delete it again: FAILED, 404", delete_again),
    ("throttling error", throttling),
    ("validation error", validation),
]

for check, run in CHECKS:
    try:
        run()
        outcome = "ok"
    except (AssertionError, ClientError, KeyError, ValueError) as error:
        outcome = f"{type(error).__name__}: {error}"
    print(json.dumps({"check": check, "outcome": outcome}))
    sys.stdout.flush()
