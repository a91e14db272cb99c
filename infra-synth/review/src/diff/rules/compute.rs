//! Functions and what starts them.

use super::TypeRules;

pub(super) const RULES: &[TypeRules] = &[
    TypeRules {
        resource_type: "AWS::Lambda::Function",
        replaces: "FunctionName PackageType TenancyConfig",
        interrupts: "",
        plain: "Architectures CapacityProviderConfig Description EphemeralStorage FunctionScalingConfig \
            MemorySize PublishToLatestPublished RecursiveLoop Runtime RuntimeManagementConfig SnapStart \
            Timeout TracingConfig",
        judged: "Code CodeSigningConfigArn DeadLetterConfig Environment FileSystemConfigs Handler ImageConfig \
            KmsKeyArn Layers LoggingConfig ReservedConcurrentExecutions Role VpcConfig",
    },
    TypeRules {
        resource_type: "AWS::Lambda::EventSourceMapping",
        replaces: "EventSourceArn StartingPosition StartingPositionTimestamp SelfManagedEventSource",
        interrupts: "",
        plain: "BatchSize BisectBatchOnFunctionError LoggingConfig MaximumBatchingWindowInSeconds \
            MetricsConfig ParallelizationFactor ProvisionedPollerConfig ScalingConfig \
            TumblingWindowInSeconds",
        judged: "DestinationConfig Enabled FilterCriteria FunctionName FunctionResponseTypes KmsKeyArn \
            MaximumRecordAgeInSeconds MaximumRetryAttempts Queues SourceAccessConfigurations Topics",
    },
    TypeRules {
        resource_type: "AWS::Lambda::Permission",
        replaces: "Action EventSourceToken FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal \
            PrincipalOrgID SourceAccount SourceArn",
        interrupts: "",
        plain: "",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::Lambda::Version",
        replaces: "FunctionName Description CodeSha256 ProvisionedConcurrencyConfig RuntimePolicy",
        interrupts: "",
        plain: "FunctionScalingConfig",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::Lambda::Alias",
        replaces: "Name FunctionName",
        interrupts: "",
        plain: "Description FunctionVersion ProvisionedConcurrencyConfig RoutingConfig",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::Lambda::Url",
        replaces: "TargetFunctionArn Qualifier",
        interrupts: "",
        plain: "InvokeMode",
        judged: "AuthType Cors",
    },
    TypeRules {
        resource_type: "AWS::Lambda::LayerVersion",
        replaces: "CompatibleRuntimes LicenseInfo CompatibleArchitectures LayerName Description Content",
        interrupts: "",
        plain: "",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::Lambda::EventInvokeConfig",
        replaces: "FunctionName Qualifier",
        interrupts: "",
        plain: "",
        judged: "DestinationConfig MaximumEventAgeInSeconds MaximumRetryAttempts",
    },
];
