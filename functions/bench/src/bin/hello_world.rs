//! A function that does nothing, as the first one in `lambda_runtime`'s documentation is written: on a runtime of as many
//! threads as there are processors.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let greet = async |_: LambdaEvent<Value>| Ok::<_, Error>(json!({"message": "hello world"}));
    run(service_fn(greet)).await
}
