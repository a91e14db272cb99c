use serde_json::json;

use super::{Case, alarm};

pub(super) fn cases() -> Vec<Case> {
    const PE: &str = "vpc-calls-reach ProcessAppointmentPELambdaFunction";
    const CL: &str = "vpc-calls-reach ProcessAppointmentCLLambdaFunction";
    vec![
        (
            "no endpoint",
            |t| {
                t.remove("EventBridgeVpcEndpoint");
            },
            &[PE, CL],
        ),
        (
            "an endpoint for another service",
            |t| {
                t.set(
                    "EventBridgeVpcEndpoint/Properties/ServiceName",
                    json!("com.amazonaws.us-east-1.sns"),
                );
            },
            &[PE, CL],
        ),
        (
            "an endpoint without private DNS",
            |t| {
                t.set(
                    "EventBridgeVpcEndpoint/Properties/PrivateDnsEnabled",
                    json!(false),
                );
            },
            &[PE, CL],
        ),
        (
            "an endpoint whose policy does not allow the call",
            |t| {
                t.set(
                    "EventBridgeVpcEndpoint/Properties/PolicyDocument/Statement/0/Action",
                    json!(["events:PutRule"]),
                );
            },
            &[PE, CL],
        ),
        (
            "an endpoint in another VPC",
            |t| {
                t.set("EventBridgeVpcEndpoint/Properties/VpcId", json!("vpc-elsewhere"));
            },
            &[PE, CL],
        ),
        (
            "a way out that is shut",
            |t| {
                t.remove("ProcessAppointmentSecurityGroup/Properties/SecurityGroupEgress/1");
            },
            &[PE, CL],
        ),
        (
            "a way out on another port",
            |t| {
                t.set(
                    "ProcessAppointmentSecurityGroup/Properties/SecurityGroupEgress/1/ToPort",
                    json!(442),
                )
                .set(
                    "ProcessAppointmentSecurityGroup/Properties/SecurityGroupEgress/1/FromPort",
                    json!(80),
                );
            },
            &[PE, CL],
        ),
        (
            "a way in that is shut",
            |t| {
                t.remove("EndpointIngress");
            },
            &[PE, CL],
        ),
        (
            "a call that has no endpoint",
            |t| {
                t.set(
                    "ProcessAppointmentPERole/Properties/Policies/0/PolicyDocument/Statement/3/Action",
                    json!(["events:PutEvents", "secretsmanager:GetSecretValue"]),
                );
            },
            &[PE],
        ),
        (
            "no way to the database",
            |t| {
                t.remove("ProcessAppointmentSecurityGroup/Properties/SecurityGroupEgress/0");
            },
            &[PE, CL],
        ),
        (
            "more functions than the database has connections for",
            |t| {
                t.set("ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE/Properties/ScalingConfig/MaximumConcurrency", json!(16));
            },
            &["connections-fit ProcessAppointmentPELambdaFunction"],
        ),
        (
            "as many functions as there are messages",
            |t| {
                t.remove(
                    "ProcessAppointmentCLEventSourceMappingSQSAppointmentQueueCL/Properties/ScalingConfig",
                );
            },
            &["connections-fit ProcessAppointmentCLLambdaFunction"],
        ),
        (
            "a dead runtime",
            |t| {
                t.set(
                    "GetAppointmentLambdaFunction/Properties/Runtime",
                    json!("nodejs20.x"),
                );
            },
            &["runtime-alive GetAppointmentLambdaFunction"],
        ),
        (
            "a log that is kept for ever",
            |t| {
                t.remove("GetAppointmentLogGroup/Properties/RetentionInDays");
            },
            &["log-retention GetAppointmentLogGroup"],
        ),
        (
            "a log group that Lambda makes itself",
            |t| {
                t.remove("GetAppointmentLambdaFunction/Properties/LoggingConfig")
                    .set(
                        "GetAppointmentLambdaFunction/Properties/FunctionName",
                        json!("other"),
                    );
            },
            &["log-retention GetAppointmentLambdaFunction"],
        ),
        (
            "an alarm on a queue that is not there",
            |t| {
                t.add("Alarm", alarm("appointment-queue-xx"));
            },
            &["alarm-watches-something Alarm"],
        ),
        (
            "an alarm that tells nobody",
            |t| {
                t.add("Alarm", alarm("appointment-queue-pe"))
                    .remove("Alarm/Properties/AlarmActions");
            },
            &["alarm-watches-something Alarm"],
        ),
        (
            "an alarm on a metric that another service writes",
            |t| {
                t.add("Alarm", alarm("appointment-queue-pe"))
                    .set("Alarm/Properties/MetricName", json!("Errors"));
            },
            &["alarm-watches-something Alarm"],
        ),
        (
            "an alarm in the long form on a metric that nothing writes",
            |t| {
                t.add(
                    "Alarm",
                    json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {
                        "AlarmActions": ["arn:aws:sns:us-east-1:1:people"],
                        "Metrics": [{"Id": "m", "MetricStat": {"Metric": {
                            "Namespace": "AWS/Lambda", "MetricName": "Error",
                            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": "GetAppointmentLambdaFunction"}}],
                        }}}],
                    }}),
                );
            },
            &["alarm-watches-something Alarm"],
        ),
    ]
}
