import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import type { PermissionSetChange } from '../../core/ports/permission-sets';
import type { AdminCalls } from './admin-calls';
import { boundaryInput, referenceInput, tagsInput } from './permission-set-contents';

type Attachment = Extract<PermissionSetChange, { readonly change: 'attach' | 'detach' }>;
type BoundaryChange = Extract<PermissionSetChange, { readonly change: 'put boundary' | 'delete boundary' }>;
type InlineChange = Extract<
  PermissionSetChange,
  { readonly change: 'put inline policy' | 'delete inline policy' }
>;
type TagChange = Extract<PermissionSetChange, { readonly change: 'tag' | 'untag' }>;

/** Makes one change of a permission set by one call. */
export class PermissionSetWriter {
  constructor(
    private readonly instanceArn: string,
    private readonly calls: AdminCalls,
  ) {}

  async change(arn: string, change: PermissionSetChange): Promise<void> {
    switch (change.change) {
      case 'attributes':
        return this.#update(arn, change);
      case 'tag':
      case 'untag':
        return this.#tags(arn, change);
      case 'attach':
      case 'detach':
        return 'awsManagedPolicy' in change
          ? this.#awsManaged(arn, change)
          : this.#customerManaged(arn, change);
      case 'put inline policy':
      case 'delete inline policy':
        return this.#inlinePolicy(arn, change);
      case 'put boundary':
      case 'delete boundary':
        return this.#boundary(arn, change);
    }
  }

  async #update(
    arn: string,
    {
      description,
      sessionDuration,
      relayState,
    }: Extract<PermissionSetChange, { readonly change: 'attributes' }>,
  ): Promise<void> {
    const command = new UpdatePermissionSetCommand({
      ...this.#set(arn),
      Description: description,
      SessionDuration: sessionDuration,
      RelayState: relayState,
    });
    await this.calls.one('UpdatePermissionSet', (client) => client.send(command));
  }

  async #tags(arn: string, change: TagChange): Promise<void> {
    const resource = { InstanceArn: this.instanceArn, ResourceArn: arn };
    if (change.change === 'tag') {
      const command = new TagResourceCommand({ ...resource, Tags: tagsInput(change.tags) });
      await this.calls.one('TagResource', (client) => client.send(command));
    } else {
      const command = new UntagResourceCommand({ ...resource, TagKeys: [...change.keys] });
      await this.calls.one('UntagResource', (client) => client.send(command));
    }
  }

  async #awsManaged(
    arn: string,
    { change, awsManagedPolicy }: Extract<Attachment, { readonly awsManagedPolicy: string }>,
  ): Promise<void> {
    const input = { ...this.#set(arn), ManagedPolicyArn: awsManagedPolicy };
    if (change === 'attach') {
      const command = new AttachManagedPolicyToPermissionSetCommand(input);
      await this.calls.one('AttachManagedPolicyToPermissionSet', (client) => client.send(command));
    } else {
      const command = new DetachManagedPolicyFromPermissionSetCommand(input);
      await this.calls.one('DetachManagedPolicyFromPermissionSet', (client) => client.send(command));
    }
  }

  async #customerManaged(
    arn: string,
    { change, customerManagedPolicy }: Extract<Attachment, { readonly customerManagedPolicy: unknown }>,
  ): Promise<void> {
    const input = {
      ...this.#set(arn),
      CustomerManagedPolicyReference: referenceInput(customerManagedPolicy),
    };
    if (change === 'attach') {
      const command = new AttachCustomerManagedPolicyReferenceToPermissionSetCommand(input);
      await this.calls.one('AttachCustomerManagedPolicyReferenceToPermissionSet', (client) =>
        client.send(command),
      );
    } else {
      const command = new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand(input);
      await this.calls.one('DetachCustomerManagedPolicyReferenceFromPermissionSet', (client) =>
        client.send(command),
      );
    }
  }

  async #inlinePolicy(arn: string, change: InlineChange): Promise<void> {
    if (change.change === 'put inline policy') {
      const input = { ...this.#set(arn), InlinePolicy: change.inlinePolicy };
      const command = new PutInlinePolicyToPermissionSetCommand(input);
      await this.calls.one('PutInlinePolicyToPermissionSet', (client) => client.send(command));
    } else {
      const command = new DeleteInlinePolicyFromPermissionSetCommand(this.#set(arn));
      await this.calls.one('DeleteInlinePolicyFromPermissionSet', (client) => client.send(command));
    }
  }

  async #boundary(arn: string, change: BoundaryChange): Promise<void> {
    if (change.change === 'put boundary') {
      const boundary = boundaryInput(change.permissionsBoundary);
      const input = { ...this.#set(arn), PermissionsBoundary: boundary };
      const command = new PutPermissionsBoundaryToPermissionSetCommand(input);
      await this.calls.one('PutPermissionsBoundaryToPermissionSet', (client) => client.send(command));
    } else {
      const command = new DeletePermissionsBoundaryFromPermissionSetCommand(this.#set(arn));
      await this.calls.one('DeletePermissionsBoundaryFromPermissionSet', (client) => client.send(command));
    }
  }

  #set(arn: string) {
    return { InstanceArn: this.instanceArn, PermissionSetArn: arn };
  }
}
