//! APIs of API Gateway.

use super::TypeRules;

pub(super) const RULES: &[TypeRules] = &[
    TypeRules {
        resource_type: "AWS::ApiGatewayV2::Api",
        replaces: "ProtocolType",
        interrupts: "",
        plain: "Description DisableSchemaValidation FailOnWarnings IpAddressType Name Version",
        judged: "ApiKeySelectionExpression BasePath Body BodyS3Location CorsConfiguration CredentialsArn \
            DisableExecuteApiEndpoint RouteKey RouteSelectionExpression Target",
    },
    TypeRules {
        resource_type: "AWS::ApiGatewayV2::Integration",
        replaces: "ApiId",
        interrupts: "",
        plain: "ConnectionId ConnectionType ContentHandlingStrategy Description PassthroughBehavior \
            PayloadFormatVersion TemplateSelectionExpression TimeoutInMillis",
        judged: "CredentialsArn IntegrationMethod IntegrationSubtype IntegrationType IntegrationUri \
            RequestParameters RequestTemplates ResponseParameters TlsConfig",
    },
    TypeRules {
        resource_type: "AWS::ApiGatewayV2::Route",
        replaces: "ApiId",
        interrupts: "",
        plain: "ModelSelectionExpression OperationName RequestModels RequestParameters \
            RouteResponseSelectionExpression",
        judged: "ApiKeyRequired AuthorizationScopes AuthorizationType AuthorizerId RouteKey Target",
    },
    TypeRules {
        resource_type: "AWS::ApiGatewayV2::Stage",
        replaces: "ApiId StageName",
        interrupts: "",
        plain: "AutoDeploy Description DeploymentId",
        judged: "AccessLogSettings ClientCertificateId DefaultRouteSettings RouteSettings StageVariables",
    },
    TypeRules {
        resource_type: "AWS::ApiGatewayV2::Authorizer",
        replaces: "ApiId",
        interrupts: "",
        plain: "Name",
        judged: "AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds \
            AuthorizerType AuthorizerUri EnableSimpleResponses IdentitySource \
            IdentityValidationExpression JwtConfiguration",
    },
    TypeRules {
        resource_type: "AWS::ApiGatewayV2::Deployment",
        replaces: "ApiId",
        interrupts: "",
        plain: "Description StageName",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::ApiGateway::Method",
        replaces: "RestApiId ResourceId HttpMethod",
        interrupts: "",
        plain: "MethodResponses OperationName RequestModels RequestParameters RequestValidatorId",
        judged: "ApiKeyRequired AuthorizationScopes AuthorizationType AuthorizerId Integration",
    },
];
