/** Words that generated organizations are named with. People's names leave ASCII on purpose: real directories do. */

export const DIVISIONS = ['Retail', 'Logistics', 'Finance', 'Data', 'Corporate', 'Mobility'] as const;

export const PRODUCTS = [
  'payments',
  'orders',
  'catalogue',
  'search',
  'billing',
  'shipping',
  'pricing',
  'identity',
  'loyalty',
  'reporting',
  'claims',
  'inventory',
] as const;

export const FIRST_NAMES = [
  'Alice',
  'Bjørn',
  'Chloé',
  'Dilan',
  'Élodie',
  'Farid',
  'Grażyna',
  'Hiroshi',
  'Inés',
  'Jürgen',
  'Katarína',
  'Léa',
  'Mårten',
  'Nguyễn',
] as const;

export const LAST_NAMES = [
  'Adeyemi',
  'Brandt',
  'Çelik',
  'Dvořák',
  'Eriksen',
  'Ferreira',
  'García',
  'Huang',
  'Ivanova',
  'Jóhannsdóttir',
  'Kowalski',
  'Łukasiewicz',
  'Müller',
] as const;

export const JOBS = ['ReadOnly', 'Operator', 'PowerUser', 'Admin', 'Auditor', 'Support'] as const;

export const SERVICES = [
  'EC2',
  'S3',
  'RDS',
  'Lambda',
  'ECS',
  'EKS',
  'DynamoDB',
  'SQS',
  'Glue',
  'Athena',
  'KMS',
  'CloudFront',
] as const;
