//! What a client reads, in Spanish.

use schedule_core::{IdempotencyKey, InsuredId, Status, json_fault::JsonFaultKind};

use super::{
    MAX_BODY_BYTES,
    list_query::{MAX_LIMIT, QueryFaultKind},
    problem::Problem,
};

/// Said with a 201.
pub(super) const CREATED: &str = "Cita registrada con éxito.";

/// The kind of problem, the same for every occurrence.
pub(super) const fn title(problem: &Problem) -> &'static str {
    match problem {
        Problem::UnsupportedMediaType => "Tipo de contenido no admitido",
        Problem::TooLarge => "Cuerpo demasiado grande",
        Problem::NotJson(_) => "Cuerpo ilegible",
        Problem::Faults(_) => "Datos de la cita no válidos",
        Problem::UnsupportedEncoding => "Codificación de contenido no admitida",
        Problem::QueryFaults(_) => "Parámetros de consulta no válidos",
        Problem::Unauthenticated => "Falta identificarse",
        Problem::Forbidden(_) => "Acceso no permitido",
        Problem::NoSuchPath => "Ruta inexistente",
        Problem::NoSuchAppointment => "Cita inexistente",
        Problem::MethodNotAllowed { .. } => "Método no permitido",
        Problem::NotAnInsuredId => "Código de asegurado no válido",
        Problem::NotAnIdempotencyKey => "Clave de idempotencia no válida",
        Problem::NotAcceptable => "Ninguna representación aceptable",
        Problem::KeyReused => "Clave de idempotencia ya utilizada",
        Problem::Unavailable => "Servicio no disponible temporalmente",
        Problem::OutcomeUnknown => "Resultado desconocido",
        Problem::Internal => "Error interno",
    }
}

/// What to do about this occurrence.
pub(super) fn detail(problem: &Problem) -> String {
    match problem {
        Problem::UnsupportedMediaType => {
            "El cuerpo debe enviarse como JSON en UTF-8, con la cabecera Content-Type: application/json."
                .to_owned()
        }
        Problem::TooLarge => {
            format!("El cuerpo supera el máximo de {} KiB.", MAX_BODY_BYTES / 1024)
        }
        Problem::NotJson(None) => "El cuerpo no es JSON válido en UTF-8.".to_owned(),
        Problem::NotJson(Some(fault)) if (fault.line(), fault.column()) == (1, 0) => {
            "El cuerpo está vacío: debe ser un objeto JSON con los datos de la cita.".to_owned()
        }
        Problem::NotJson(Some(fault)) if fault.kind() == JsonFaultKind::ByteOrderMark => {
            "El cuerpo empieza con una marca de orden de bytes (BOM), que JSON no admite; envíelo sin ella."
                .to_owned()
        }
        Problem::NotJson(Some(fault)) => format!(
            "El cuerpo no es JSON válido en UTF-8: revise la línea {}, columna {}.",
            fault.line(),
            fault.column()
        ),
        Problem::Faults(faults) => match faults.len() {
            1 => "La cita no se registró: hay un dato que corregir, indicado en «errors».".to_owned(),
            count => {
                format!("La cita no se registró: hay {count} datos que corregir, indicados en «errors».")
            }
        },
        Problem::UnsupportedEncoding => {
            "El cuerpo debe enviarse sin comprimir ni codificar, sin la cabecera Content-Encoding.".to_owned()
        }
        Problem::QueryFaults(_) => {
            "La consulta no se atendió: corrija los parámetros indicados en «errors».".to_owned()
        }
        Problem::Unauthenticated => "Envíe un token válido en la cabecera Authorization: Bearer.".to_owned(),
        Problem::Forbidden(_) => "El token no permite esta operación para este asegurado y país.".to_owned(),
        Problem::NoSuchPath => {
            "No hay nada en esta ruta; las citas están en /appointments/{insuredId}.".to_owned()
        }
        Problem::NoSuchAppointment => "El asegurado no tiene ninguna cita con este código.".to_owned(),
        Problem::MethodNotAllowed { allowed } => format!("Esta ruta solo admite el método {allowed}."),
        Problem::NotAnInsuredId => format!(
            "El código de asegurado de la ruta debe tener de 1 a {} caracteres, \
             solo letras de la A a la Z sin tilde, dígitos o guiones (-).",
            InsuredId::MAX_CHARACTERS
        ),
        Problem::NotAnIdempotencyKey => format!(
            "La cabecera Idempotency-Key debe tener de 1 a {} caracteres ASCII visibles, \
             entre comillas, y enviarse una sola vez.",
            IdempotencyKey::MAX_CHARACTERS
        ),
        Problem::NotAcceptable => "Las citas se envían como application/json o como application/fhir+json; \
             la cabecera Accept no admite ninguna de las dos."
            .to_owned(),
        Problem::KeyReused => "La clave de la cabecera Idempotency-Key ya se usó con otra solicitud; \
             envíe la misma solicitud o use una clave nueva."
            .to_owned(),
        Problem::Unavailable => {
            "No se pudo atender la solicitud en este momento; vuelva a intentarlo en unos segundos."
                .to_owned()
        }
        Problem::OutcomeUnknown => {
            "No se sabe si la cita quedó registrada; búsquela en la lista de citas del asegurado \
             antes de volver a enviarla. Con la cabecera Idempotency-Key puede volver a enviarla sin riesgo."
                .to_owned()
        }
        Problem::Internal => {
            "No se pudo atender la solicitud por un error interno; si persiste, avise a soporte.".to_owned()
        }
    }
}

/// What is wrong with a parameter of a query.
pub(super) fn query_fault(kind: QueryFaultKind) -> String {
    match kind {
        QueryFaultKind::Unknown => {
            "Parámetro desconocido; se admiten from, to, status, limit y cursor.".to_owned()
        }
        QueryFaultKind::Repeated => "El parámetro aparece más de una vez; envíelo una sola vez.".to_owned(),
        QueryFaultKind::NotADateTime => "No es una fecha y hora válida; se espera el formato RFC 3339 con \
             desfase horario, por ejemplo 2030-05-20T15:30:00-05:00."
            .to_owned(),
        QueryFaultKind::EmptyRange => {
            "Debe ser posterior a from: la cita puede ser en from, no en to.".to_owned()
        }
        QueryFaultKind::UnknownStatus => {
            format!(
                "No es un estado; se espera {} o {}.",
                Status::Pending,
                Status::Completed
            )
        }
        QueryFaultKind::NotALimit => format!("Se espera un número entero de 1 a {MAX_LIMIT}."),
        QueryFaultKind::Cursor => {
            "El cursor no es de esta consulta o ha caducado; empiece de nuevo sin cursor, \
             y siga los enlaces de la cabecera Link."
                .to_owned()
        }
    }
}
