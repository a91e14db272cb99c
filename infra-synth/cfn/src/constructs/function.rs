use indexmap::IndexMap;

use crate::{
    Attributes, Handle, Mebibytes, Seconds, Stack, Value,
    kind::{FunctionArn, Text},
    policy::{Grantee, InlinePolicy, Statement},
    resources::{
        Architecture, Code, Environment, EventSourceMapping, Function, LogGroup, LoggingConfig, Queue, Role,
        VpcConfig,
    },
};

/// A Lambda function, as one wants it.
#[derive(Debug, Clone)]
pub struct FunctionSettings {
    /// Its physical name.
    pub name: String,
    /// What it does.
    pub description: &'static str,
    /// Where its code is.
    pub code: Code,
    /// The processor that the code was built for.
    pub architecture: Architecture,
    /// Its memory.
    pub memory: Mebibytes,
    /// How long one invocation may take.
    pub timeout: Seconds,
    /// What it reads from its surroundings, and nothing else.
    pub environment: IndexMap<&'static str, Value<Text>>,
    /// The network that it is in, if it must reach something there.
    pub vpc: Option<VpcConfig>,
    /// What stands beside its properties: what must be there before it is called.
    pub attributes: Attributes,
    /// Its log group.
    pub log_group: LogGroup,
    /// What stands beside the log group's properties.
    pub log_group_attributes: Attributes,
}

/// A function with a log group and a role of its own, which may write that log and nothing else until more is
/// [granted](Grantee).
#[derive(Debug, Clone)]
pub struct LambdaFunction {
    id: String,
    function: Handle<Function>,
    permissions: InlinePolicy,
    timeout: Seconds,
}

impl LambdaFunction {
    /// What the logical ids of all that belongs to it begin with.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The function's ARN.
    pub fn arn(&self) -> Value<FunctionArn> {
        self.function.arn()
    }

    /// The function's name, by which its metrics are kept apart.
    pub fn name(&self) -> Value<Text> {
        self.function.name()
    }

    /// How long one invocation may take.
    pub fn timeout(&self) -> Seconds {
        self.timeout
    }
}

impl Grantee for LambdaFunction {
    fn grant(&self, statement: Statement) {
        self.permissions.grant(statement);
    }
}

impl Stack {
    /// Declares a function `<id>LambdaFunction` with `<id>LogGroup` and `<id>Role`.
    ///
    /// In a VPC the role gets what Lambda needs to place the function there, and the function's own code is
    /// denied the same.
    #[track_caller]
    pub fn add_function(&mut self, id: &str, settings: FunctionSettings) -> LambdaFunction {
        let permissions = InlinePolicy::new("granted");
        let log_group = self.add_with(
            &format!("{id}LogGroup"),
            settings.log_group,
            settings.log_group_attributes,
        );
        log_group.grant_write(&permissions);
        if settings.vpc.is_some() {
            grant_network_interfaces(&permissions, &settings.name);
        }
        let role = Role {
            policies: vec![permissions.clone()],
            ..Role::for_service("lambda.amazonaws.com")
        };
        let role = self.add(&format!("{id}Role"), role);
        let variables = settings.environment;
        let function = Function {
            function_name: Some(settings.name.into()),
            description: Some(settings.description),
            memory_size: Some(settings.memory),
            timeout: Some(settings.timeout),
            environment: (!variables.is_empty()).then_some(Environment { variables }),
            vpc_config: settings.vpc,
            logging_config: Some(LoggingConfig {
                log_format: "JSON",
                log_group: log_group.name(),
            }),
            ..Function::new(settings.code, settings.architecture, role.arn())
        };
        let function = self.add_with(&format!("{id}LambdaFunction"), function, settings.attributes);
        LambdaFunction {
            id: id.to_owned(),
            function,
            permissions,
            timeout: settings.timeout,
        }
    }
}

impl EventSourceMapping {
    /// The function consumes the queue and reports the failures of a batch one by one; its role may do so.
    pub fn consuming(queue: &Handle<Queue>, function: &LambdaFunction) -> Self {
        queue.grant_consume(function);
        Self {
            function_response_types: vec![Self::REPORT_BATCH_ITEM_FAILURES],
            ..Self::new(queue.arn(), function.arn())
        }
    }
}

/// The calls by which Lambda, as the function's role, gives the function an address in a VPC. IAM cannot bind
/// them to one network interface before it exists, and describing to none at all.
const NETWORK_INTERFACE_CALLS: [&str; 6] = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
];

fn grant_network_interfaces(to: &impl Grantee, function_name: &str) {
    to.grant(Statement::allow_on_all(&NETWORK_INTERFACE_CALLS));
    // Lambda makes these calls, never the code: with the function as their source they are denied
    // (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). By name, since the function
    // refers to the role that this is in.
    let function: Value<FunctionArn> = Value::arn_here("lambda", &format!("function:{function_name}"));
    to.grant(Statement::deny_on_all(&NETWORK_INTERFACE_CALLS).when(
        "ArnEquals",
        "lambda:SourceFunctionArn",
        function.text(),
    ));
}
