import type { DesignName } from '../runs/run-spec';

/** Colours of the designs, the same in every plot. */
export const COLOURS: Record<DesignName, string> = {
  ours: '#2f81f7',
  'codepipeline-auto-assignment': '#e0702b',
  'step-functions-map': '#2da44e',
  terraform: '#a371f7',
  'identity-center-extensions': '#db4f8f',
  'org-formation': '#8b949e',
  'unlimited-fan-out': '#b59f1f',
};

/** Names of the designs as plots write them. */
export const LABELS: Record<DesignName, string> = {
  ours: 'Latchkey',
  'codepipeline-auto-assignment': 'codepipeline-auto-assignment',
  'step-functions-map': 'Step Functions Map',
  terraform: 'Terraform',
  'identity-center-extensions': 'identity-center-extensions',
  'org-formation': 'org-formation',
  'unlimited-fan-out': 'unlimited fan-out',
};
