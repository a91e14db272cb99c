//! What `Ref` and `Fn::GetAtt` give for each resource type: physical names, ARNs, URLs.
//!
//! The shapes are those of the AWS service authorization reference
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/>).

use infra_synth_cfn::resources::name_property;
use serde_json::Value;

use crate::evaluate::{EvaluateError, Evaluator, scalar};

/// The return value of `Ref` for a resource.
pub(crate) fn reference(
    evaluator: &Evaluator<'_>,
    logical_id: &str,
    resource: &Value,
) -> Result<String, EvaluateError> {
    let name = physical_name(evaluator, logical_id, resource)?;
    Ok(match resource_type(resource) {
        "AWS::SQS::Queue" => queue_url(evaluator, &name),
        "AWS::SNS::Topic" => arn(evaluator, "sns", &name),
        "AWS::SecretsManager::Secret" => secret_arn(evaluator, &name),
        _ => name,
    })
}

/// The return value of `Fn::GetAtt` for a resource.
pub(crate) fn attribute(
    evaluator: &Evaluator<'_>,
    logical_id: &str,
    resource: &Value,
    attribute: &str,
) -> Result<String, EvaluateError> {
    let name = physical_name(evaluator, logical_id, resource)?;
    let account = &evaluator.environment.account_id;
    Ok(match (resource_type(resource), attribute) {
        ("AWS::SQS::Queue", "Arn") => arn(evaluator, "sqs", &name),
        ("AWS::SQS::Queue", "QueueUrl") => queue_url(evaluator, &name),
        ("AWS::SNS::Topic", "TopicArn") => arn(evaluator, "sns", &name),
        ("AWS::DynamoDB::Table", "Arn") => arn(evaluator, "dynamodb", &format!("table/{name}")),
        ("AWS::Events::EventBus", "Arn") => arn(evaluator, "events", &format!("event-bus/{name}")),
        ("AWS::Events::Rule", "Arn") => arn(
            evaluator,
            "events",
            &format!("rule/{}", rule_path(evaluator, &name, resource)?),
        ),
        ("AWS::Lambda::Function", "Arn") => arn(evaluator, "lambda", &format!("function:{name}")),
        ("AWS::Logs::LogGroup", "Arn") => arn(evaluator, "logs", &format!("log-group:{name}:*")),
        ("AWS::KMS::Key", "Arn") => arn(evaluator, "kms", &format!("key/{name}")),
        ("AWS::CloudWatch::Alarm", "Arn") => arn(evaluator, "cloudwatch", &format!("alarm:{name}")),
        ("AWS::SecretsManager::Secret", "Id") => secret_arn(evaluator, &name),
        ("AWS::IAM::Role", "Arn") => format!("arn:aws:iam::{account}:role/{name}"),
        ("AWS::SQS::Queue", "QueueName")
        | ("AWS::SNS::Topic", "TopicName")
        | ("AWS::Events::EventBus", "Name")
        | ("AWS::EC2::SecurityGroup", "GroupId")
        | ("AWS::EC2::VPCEndpoint", "Id")
        | ("AWS::ApiGatewayV2::Api", "ApiId") => name,
        ("AWS::ApiGatewayV2::Api", "ApiEndpoint") => {
            format!(
                "https://{name}.execute-api.{}.amazonaws.com",
                evaluator.environment.region
            )
        }
        (resource_type, attribute) => {
            return Err(EvaluateError::UnknownAttribute {
                resource_type: resource_type.to_owned(),
                attribute: attribute.to_owned(),
            });
        }
    })
}

/// The name that the template gives, or one made from the logical id where AWS would make one up.
pub(crate) fn physical_name(
    evaluator: &Evaluator<'_>,
    logical_id: &str,
    resource: &Value,
) -> Result<String, EvaluateError> {
    let resource_type = resource_type(resource);
    let property = match resource_type {
        // What a reference to these gives is an id that AWS makes.
        "AWS::EC2::SecurityGroup" => return Ok(format!("sg-{}", logical_id.to_ascii_lowercase())),
        "AWS::EC2::VPCEndpoint" => return Ok(format!("vpce-{}", logical_id.to_ascii_lowercase())),
        "AWS::ApiGatewayV2::Api" => return Ok(logical_id.to_ascii_lowercase()),
        "AWS::ApiGatewayV2::Authorizer" => return Ok(logical_id.to_owned()),
        resource_type => match name_property(resource_type) {
            Some(property) => property,
            None => return Ok(logical_id.to_owned()),
        },
    };
    match resource
        .get("Properties")
        .and_then(|properties| properties.get(property))
    {
        Some(name) => {
            let name = evaluator.evaluate(name)?;
            scalar(&name).ok_or_else(|| EvaluateError::BadArgument {
                function: "Ref",
                argument: name.to_string(),
            })
        }
        None => Ok(format!("{}-{logical_id}", evaluator.environment.stack_name)),
    }
}

pub(crate) fn resource_type(resource: &Value) -> &str {
    resource.get("Type").and_then(Value::as_str).unwrap_or_default()
}

/// A rule's ARN names its bus, unless that is the default one.
fn rule_path(evaluator: &Evaluator<'_>, name: &str, rule: &Value) -> Result<String, EvaluateError> {
    match rule
        .get("Properties")
        .and_then(|properties| properties.get("EventBusName"))
    {
        Some(bus) => {
            let bus = evaluator.evaluate(bus)?;
            let bus = bus.as_str().unwrap_or("default");
            let bus = bus.rsplit('/').next().unwrap_or(bus);
            Ok(if bus == "default" {
                name.to_owned()
            } else {
                format!("{bus}/{name}")
            })
        }
        None => Ok(name.to_owned()),
    }
}

/// Six characters follow a secret's name, so that a later secret of that name has another ARN.
fn secret_arn(evaluator: &Evaluator<'_>, name: &str) -> String {
    arn(evaluator, "secretsmanager", &format!("secret:{name}-LocalS"))
}

fn queue_url(evaluator: &Evaluator<'_>, name: &str) -> String {
    let environment = evaluator.environment;
    format!(
        "https://sqs.{}.amazonaws.com/{}/{name}",
        environment.region, environment.account_id
    )
}

fn arn(evaluator: &Evaluator<'_>, service: &str, resource: &str) -> String {
    let environment = evaluator.environment;
    format!(
        "arn:aws:{service}:{}:{}:{resource}",
        environment.region, environment.account_id
    )
}
