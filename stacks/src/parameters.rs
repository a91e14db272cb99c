use std::collections::BTreeMap;

use infra_synth_cfn::{
    Parameter, Stack, Value,
    kind::{BucketName, ObjectKey, SecurityGroupId, SubnetIds, Text, VpcId},
};

/// The parameters that say where a function's code is, each with the executable that it is the package of.
/// The two country functions are one executable.
pub const CODE_PARAMETERS: [(&str, &str); 5] = [
    (CREATE_APPOINTMENT_CODE, "create-appointment"),
    (GET_APPOINTMENT_CODE, "get-appointment"),
    (PROCESS_APPOINTMENT_CODE, "process-appointment"),
    (PROCESS_CONFIRMATION_CODE, "process-confirmation"),
    (REPUBLISH_PENDING_CODE, "republish-pending"),
];

const CREATE_APPOINTMENT_CODE: &str = "CreateAppointmentCode";
const GET_APPOINTMENT_CODE: &str = "GetAppointmentCode";
const PROCESS_APPOINTMENT_CODE: &str = "ProcessAppointmentCode";
const PROCESS_CONFIRMATION_CODE: &str = "ProcessConfirmationCode";
const REPUBLISH_PENDING_CODE: &str = "RepublishPendingCode";

/// The parameter that is the database's resource id; named in the ARN of the user that signs in.
pub(crate) const DATABASE_RESOURCE_ID: &str = "DatabaseResourceId";

const DATABASE_SECURITY_GROUP_ID: &str = "DatabaseSecurityGroupId";
/// The parameter that is the bucket of the functions' code.
pub const ASSET_BUCKET: &str = "AssetBucket";

/// Values for running the template where nothing of AWS exists: each code parameter holds the name of its executable,
/// and the database server is the one given.
pub fn stand_in_parameters(
    database_resource_id: &str,
    database_security_group: &str,
) -> BTreeMap<String, String> {
    CODE_PARAMETERS
        .into_iter()
        .chain([
            (ASSET_BUCKET, "stand-in"),
            (DATABASE_RESOURCE_ID, database_resource_id),
            (DATABASE_SECURITY_GROUP_ID, database_security_group),
        ])
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What exists before the stack does: the network, the database, and the functions' code.
pub(crate) struct Parameters {
    pub(crate) vpc: Value<VpcId>,
    pub(crate) subnets: Value<SubnetIds>,
    pub(crate) database_security_group: Value<SecurityGroupId>,
    pub(crate) asset_bucket: Value<BucketName>,
    pub(crate) create_appointment_code: Value<ObjectKey>,
    pub(crate) get_appointment_code: Value<ObjectKey>,
    pub(crate) process_appointment_code: Value<ObjectKey>,
    pub(crate) process_confirmation_code: Value<ObjectKey>,
    pub(crate) republish_pending_code: Value<ObjectKey>,
}

pub(crate) fn declare(stack: &mut Stack) -> Parameters {
    let described = |description| Parameter {
        description,
        ..Parameter::default()
    };
    let vpc = stack.parameter("VpcId", &described("The VPC that the database is in"));
    let subnets = stack.parameter(
        "SubnetIds",
        &described("Subnets of that VPC for the country functions and the EventBridge endpoint"),
    );
    let database_security_group = stack.parameter(
        DATABASE_SECURITY_GROUP_ID,
        &described("The database's security group"),
    );
    stack.parameter::<Text>(
        DATABASE_RESOURCE_ID,
        &Parameter {
            description: "The database's resource id, by which IAM knows it: db-... or, for Aurora, cluster-...",
            allowed_pattern: Some("^(db|cluster)-[A-Z0-9]+$"),
            constraint_description: Some("must be db- or cluster- and capital letters and digits"),
        },
    );
    let asset_bucket = stack.parameter(
        ASSET_BUCKET,
        &described("The bucket that the functions' code is in"),
    );
    Parameters {
        vpc,
        subnets,
        database_security_group,
        asset_bucket,
        create_appointment_code: stack.parameter(
            CREATE_APPOINTMENT_CODE,
            &described("Key of the code of createAppointment"),
        ),
        get_appointment_code: stack.parameter(
            GET_APPOINTMENT_CODE,
            &described("Key of the code of getAppointment"),
        ),
        process_appointment_code: stack.parameter(
            PROCESS_APPOINTMENT_CODE,
            &described("Key of the code of both country functions"),
        ),
        process_confirmation_code: stack.parameter(
            PROCESS_CONFIRMATION_CODE,
            &described("Key of the code of processConfirmation"),
        ),
        republish_pending_code: stack.parameter(
            REPUBLISH_PENDING_CODE,
            &described("Key of the code of republishPending"),
        ),
    }
}
