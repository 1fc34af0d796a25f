import { Command } from 'commander';
import { type AccessOptions, checkAccess, writeAccessSchemas } from '../cli/access';
import { type ConfigureOptions, configure } from '../cli/configure';
import { type DemoOptions, demo } from '../cli/demo/demo';
import { type ImportOptions, importPermissionSets } from '../cli/import-permission-sets';
import { type IdentityCenterOptions, identityCenter } from '../cli/identity-center';
import { type StartOptions, start } from '../cli/start';

const output = (line: string): void => {
  console.log(line);
};

const program = new Command('latchkey').description(
  'Governs access to AWS accounts through IAM Identity Center',
);

program
  .command('start')
  .description('run Latchkey on this machine, with a simulated Identity Center')
  .option('--port <number>', 'port on 127.0.0.1; 0 for any that is free', '4600')
  .option('--organization <file>', 'organization to start with (default: examples/organization.yaml)')
  .option('--access <folder>', 'access definitions (default: access)')
  .option('--clock <mode>', 'real, skips or manual', 'real')
  .option('--latency <model>', 'of assignment operations: seconds, uniform:2-5 or lognormal:4,0.6')
  .option('--ticks <which>', 'of schedules while time is moved: thinned or all', 'thinned')
  .option('--seed <number>', 'of everything that is left to chance', '1')
  .option('--logs', 'print what the functions log')
  .action((options: StartOptions) => start(options, output));

program
  .command('demo')
  .description('send the example tickets, and watch them until the access is gone')
  .option('--json', 'print JSON lines')
  .action(async (options: DemoOptions) => {
    process.exitCode = await demo(options, output);
  });

program
  .command('identity-center')
  .description('run the simulated Identity Center by itself, for any client')
  .option('--port <number>', 'port; 0 for any that is free', '4700')
  .option('--host <address>', 'address other than 127.0.0.1: lets other machines in, needs --credentials')
  .option('--organization <file>', 'organization to start with (default: examples/organization.yaml)')
  .option('--credentials <whose>', 'any, callers (those of the file) or ACCESS_KEY_ID:SECRET', 'any')
  .option('--clock <mode>', 'real, skips or manual', 'real')
  .option('--latency <model>', 'of assignment operations: seconds, uniform:2-5 or lognormal:4,0.6')
  .option('--seed <number>', 'of everything that is left to chance', '1')
  .action((options: IdentityCenterOptions) => identityCenter(options, output));

program
  .command('configure')
  .description('discover the settings with the AWS credentials at hand, and write them to cdk.json')
  .option('--region <region>', "Identity Center's home Region")
  .option('--instance <arn>', 'which instance, where there are several')
  .option('--alarm-email <address>', 'who is told of alarms (default: as it is in cdk.json)')
  .option(
    '--organization-events',
    'make the stacks of the management account (default: as it is in cdk.json)',
  )
  .option('--no-organization-events', 'do not make them')
  .option(
    '--control-tower-region <region>',
    "AWS Control Tower's home Region (default: as it is in cdk.json)",
  )
  .option('--dry-run', 'show what would be written')
  .action((options: ConfigureOptions) => configure(options, output));

const access = program.command('access').description('look after the access definitions');

access
  .command('check')
  .description('check policy.yaml and permission-sets/*.yaml, and print their hashes')
  .option('--access <folder>', 'access definitions (default: access)')
  .action((options: AccessOptions) => {
    checkAccess(options, output);
  });

access
  .command('schema')
  .description('write the JSON Schemas that editors check the files by')
  .option('--access <folder>', 'access definitions (default: access)')
  .action((options: AccessOptions) => {
    writeAccessSchemas(options, output);
  });

access
  .command('import')
  .description('write a definition for each permission set that there is, with the AWS credentials at hand')
  .option('--access <folder>', 'access definitions (default: access)')
  .option('--adopt', 'write adopt: true, so that the sets are taken over')
  .option('--force', 'write over files of sets that have one')
  .option('--endpoint <url>', 'of the Identity Center admin API, such as that of npm run identity-center')
  .action(async (options: ImportOptions) => {
    if (!(await importPermissionSets(options, output))) process.exitCode = 1;
  });

program.parseAsync().catch((error: unknown) => {
  // One sentence: what is wrong and what to do. The stack is for those who ask for it.
  console.error(process.env.LATCHKEY_DEBUG === undefined && error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
