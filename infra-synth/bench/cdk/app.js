// The appointment stack on the AWS CDK, in plain JavaScript: what `cdk synth` takes when nothing has to be compiled.
'use strict';

const { App, Stack, Duration, RemovalPolicy, CfnParameter, CfnOutput, Fn, Aws } = require('aws-cdk-lib');
const apigateway = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const dynamodb = require('aws-cdk-lib/aws-dynamodb');
const ec2 = require('aws-cdk-lib/aws-ec2');
const events = require('aws-cdk-lib/aws-events');
const targets = require('aws-cdk-lib/aws-events-targets');
const iam = require('aws-cdk-lib/aws-iam');
const lambda = require('aws-cdk-lib/aws-lambda');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const logs = require('aws-cdk-lib/aws-logs');
const s3 = require('aws-cdk-lib/aws-s3');
const sns = require('aws-cdk-lib/aws-sns');
const { SqsSubscription } = require('aws-cdk-lib/aws-sns-subscriptions');
const sqs = require('aws-cdk-lib/aws-sqs');

const app = new App();
const stack = new Stack(app, 'appointment-dev');
const parameter = (id, type = 'String') => new CfnParameter(stack, id, { type });

const table = new dynamodb.Table(stack, 'AppointmentTable', {
  tableName: 'appointments',
  partitionKey: { name: 'appointmentId', type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  encryption: dynamodb.TableEncryption.AWS_MANAGED,
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
});
table.addGlobalSecondaryIndex({
  indexName: 'InsuredIdIndex',
  partitionKey: { name: 'insuredId', type: dynamodb.AttributeType.STRING },
  sortKey: { name: 'dateSchedule', type: dynamodb.AttributeType.STRING },
});

const topic = new sns.Topic(stack, 'AppointmentTopic', { topicName: 'appointment-notifications-topic' });
const bus = new events.EventBus(stack, 'AppointmentEventBus', { eventBusName: 'appointment-events-bus' });

const encrypted = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true };
const deadLetters = (id, name) =>
  new sqs.Queue(stack, id, { queueName: name, retentionPeriod: Duration.days(14), ...encrypted });
const workQueue = (id, name) =>
  new sqs.Queue(stack, id, {
    queueName: name,
    visibilityTimeout: Duration.seconds(180),
    deadLetterQueue: { queue: deadLetters(`${id}DeadLetterQueue`, `${name}-dlq`), maxReceiveCount: 5 },
    ...encrypted,
  });

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: parameter('VpcId', 'AWS::EC2::VPC::Id').valueAsString,
  availabilityZones: Fn.getAzs(),
  vpcCidrBlock: '10.0.0.0/16',
  privateSubnetIds: parameter('SubnetIds', 'List<AWS::EC2::Subnet::Id>').valueAsList,
});
const database = ec2.SecurityGroup.fromSecurityGroupId(
  stack, 'Database', parameter('DatabaseSecurityGroupId', 'AWS::EC2::SecurityGroup::Id').valueAsString);
const countryGroup = new ec2.SecurityGroup(stack, 'ProcessAppointmentSecurityGroup', { vpc, allowAllOutbound: false });
const endpointGroup = new ec2.SecurityGroup(stack, 'EndpointSecurityGroup', { vpc, allowAllOutbound: false });
countryGroup.connections.allowTo(database, ec2.Port.tcp(3306));
countryGroup.connections.allowTo(endpointGroup, ec2.Port.tcp(443));
new ec2.InterfaceVpcEndpoint(stack, 'EventBridgeVpcEndpoint', {
  vpc, service: ec2.InterfaceVpcEndpointAwsService.EVENTBRIDGE, securityGroups: [endpointGroup], privateDnsEnabled: true, open: false,
});

const assets = s3.Bucket.fromBucketName(stack, 'Assets', parameter('AssetBucket').valueAsString);
const databaseId = parameter('DatabaseResourceId').valueAsString;
const codeKeys = {};
const build = (name, code, environment, extra = {}) => {
  const id = name[0].toUpperCase() + name.slice(1);
  codeKeys[code] = codeKeys[code] || parameter(code).valueAsString;
  return new lambda.Function(stack, `${id}LambdaFunction`, {
    functionName: `appointment-dev-${name}`,
    runtime: lambda.Runtime.PROVIDED_AL2023,
    architecture: lambda.Architecture.ARM_64,
    handler: 'bootstrap',
    code: lambda.Code.fromBucket(assets, codeKeys[code]),
    memorySize: 256,
    timeout: Duration.seconds(10),
    environment,
    logGroup: new logs.LogGroup(stack, `${id}LogGroup`, {
      logGroupName: `/aws/lambda/appointment-dev-${name}`, retention: logs.RetentionDays.TWO_WEEKS,
    }),
    ...extra,
  });
};

const create = build('createAppointment', 'CreateAppointmentCode',
  { APPOINTMENTS_TABLE: table.tableName, SNS_TOPIC_ARN: topic.topicArn });
table.grant(create, 'dynamodb:PutItem');
topic.grantPublish(create);
const get = build('getAppointment', 'GetAppointmentCode', { APPOINTMENTS_TABLE: table.tableName });
table.grant(get, 'dynamodb:Query');

for (const country of ['PE', 'CL']) {
  const queue = workQueue(`AppointmentQueue${country}`, `appointment-queue-${country.toLowerCase()}`);
  topic.addSubscription(new SqsSubscription(queue, {
    filterPolicy: { country: sns.SubscriptionFilter.stringFilter({ allowlist: [country] }) },
    deadLetterQueue: deadLetters(`Subscription${country}DeadLetterQueue`, `appointment-subscription-${country.toLowerCase()}-dlq`),
  }));
  const handler = build(`processAppointment${country}`, 'ProcessAppointmentCode', {
    EVENT_BUS_NAME: bus.eventBusName, DB_HOST: 'database', DB_PORT: '3306', DB_NAME: 'appointments',
    DB_USER: 'appointments', COUNTRY: country,
  }, { vpc, securityGroups: [countryGroup], timeout: Duration.seconds(30) });
  bus.grantPutEventsTo(handler);
  handler.addToRolePolicy(new iam.PolicyStatement({
    actions: ['rds-db:connect'],
    resources: [`arn:${Aws.PARTITION}:rds-db:${Aws.REGION}:${Aws.ACCOUNT_ID}:dbuser:${databaseId}/appointments`],
  }));
  handler.addEventSource(new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 5, reportBatchItemFailures: true }));
}

const confirmations = workQueue('AppointmentConfirmationQueue', 'appointment-confirmation-queue');
new events.Rule(stack, 'AppointmentConfirmationRule', {
  ruleName: 'appointment-confirmation-rule',
  eventBus: bus,
  eventPattern: { source: ['appointment.service'], detailType: ['AppointmentConfirmation'] },
  targets: [new targets.SqsQueue(confirmations, {
    retryAttempts: 185,
    maxEventAge: Duration.days(1),
    deadLetterQueue: deadLetters('AppointmentConfirmationRuleDeadLetterQueue', 'appointment-confirmation-rule-dlq'),
  })],
});
const confirm = build('processConfirmation', 'ProcessConfirmationCode', { APPOINTMENTS_TABLE: table.tableName },
  { timeout: Duration.seconds(30) });
table.grant(confirm, 'dynamodb:UpdateItem');
confirm.addEventSource(new SqsEventSource(confirmations, { batchSize: 10, maxConcurrency: 10, reportBatchItemFailures: true }));

const api = new apigateway.HttpApi(stack, 'HttpApi', { apiName: 'appointment-dev-api' });
api.addRoutes({ path: '/appointments', methods: [apigateway.HttpMethod.POST], integration: new HttpLambdaIntegration('Create', create) });
api.addRoutes({ path: '/appointments/{insuredId}', methods: [apigateway.HttpMethod.GET], integration: new HttpLambdaIntegration('Get', get) });
new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });

app.synth();
