//! Tables, buckets, log groups, secrets, keys.

use super::TypeRules;

pub(super) const RULES: &[TypeRules] = &[
    TypeRules {
        resource_type: "AWS::DynamoDB::Table",
        replaces: "TableName ImportSourceSpecification KeySchema LocalSecondaryIndexes",
        interrupts: "AttributeDefinitions SSESpecification",
        plain: "BillingMode ContributorInsightsSpecification OnDemandThroughput ProvisionedThroughput \
            TableClass WarmThroughput",
        judged: "DeletionProtectionEnabled GlobalSecondaryIndexes KinesisStreamSpecification \
            PointInTimeRecoverySpecification ResourcePolicy StreamSpecification TimeToLiveSpecification",
    },
    TypeRules {
        resource_type: "AWS::Logs::LogGroup",
        replaces: "LogGroupName",
        interrupts: "",
        plain: "FieldIndexPolicies",
        judged: "BearerTokenAuthenticationEnabled DataProtectionPolicy DeletionProtectionEnabled KmsKeyId \
            LogGroupClass ResourcePolicyDocument RetentionInDays",
    },
    TypeRules {
        resource_type: "AWS::Logs::MetricFilter",
        replaces: "FilterName LogGroupName",
        interrupts: "",
        plain: "ApplyOnTransformedLogs EmitSystemFieldDimensions FieldSelectionCriteria FilterPattern \
            MetricTransformations",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::Logs::SubscriptionFilter",
        replaces: "FilterName LogGroupName",
        interrupts: "",
        plain: "ApplyOnTransformedLogs Distribution EmitSystemFields",
        judged: "DestinationArn FieldSelectionCriteria FilterPattern RoleArn",
    },
    TypeRules {
        resource_type: "AWS::Logs::ResourcePolicy",
        replaces: "PolicyName",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument",
    },
    TypeRules {
        resource_type: "AWS::CloudWatch::Alarm",
        replaces: "AlarmName",
        interrupts: "",
        plain: "ActionConfiguration AlarmDescription InsufficientDataActions OKActions",
        judged: "ActionsEnabled AlarmActions ComparisonOperator DatapointsToAlarm Dimensions \
            EvaluateLowSampleCountPercentile EvaluationCriteria EvaluationInterval EvaluationPeriods \
            EvaluationWindow ExtendedStatistic MetricName Metrics Namespace Period Statistic Threshold \
            ThresholdMetricId TreatMissingData Unit WarmUpConfiguration",
    },
    TypeRules {
        resource_type: "AWS::CloudWatch::CompositeAlarm",
        replaces: "AlarmName",
        interrupts: "",
        plain: "ActionConfiguration AlarmDescription InsufficientDataActions OKActions",
        judged: "ActionsEnabled ActionsSuppressor ActionsSuppressorExtensionPeriod \
            ActionsSuppressorWaitPeriod AlarmActions AlarmRule",
    },
    TypeRules {
        resource_type: "AWS::CloudWatch::Dashboard",
        replaces: "DashboardName",
        interrupts: "",
        plain: "DashboardBody",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::S3::Bucket",
        replaces: "BucketName BucketNamePrefix BucketNamespace",
        interrupts: "",
        plain: "AbacStatus AccelerateConfiguration AnalyticsConfigurations IntelligentTieringConfigurations \
            MetadataConfiguration MetadataTableConfiguration MetricsConfigurations LoggingConfiguration",
        judged: "AccessControl BucketEncryption CorsConfiguration InventoryConfigurations \
            LifecycleConfiguration NotificationConfiguration ObjectLockConfiguration ObjectLockEnabled \
            OwnershipControls PublicAccessBlockConfiguration ReplicationConfiguration \
            VersioningConfiguration WebsiteConfiguration",
    },
    TypeRules {
        resource_type: "AWS::S3::BucketPolicy",
        replaces: "Bucket",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument",
    },
    TypeRules {
        resource_type: "AWS::SecretsManager::Secret",
        replaces: "Name",
        interrupts: "",
        plain: "Description Type",
        judged: "GenerateSecretString KmsKeyId ReplicaRegions SecretString",
    },
    TypeRules {
        resource_type: "AWS::KMS::Key",
        replaces: "",
        interrupts: "",
        plain: "Description BypassPolicyLockoutSafetyCheck RotationPeriodInDays",
        judged: "EnableKeyRotation Enabled KeyPolicy PendingWindowInDays",
    },
    TypeRules {
        resource_type: "AWS::KMS::Alias",
        replaces: "AliasName",
        interrupts: "",
        plain: "",
        judged: "TargetKeyId",
    },
];
