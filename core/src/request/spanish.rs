//! How the faults of a body are said in Spanish. No text repeats what the client sent.

use super::{Fault, FaultKind, Field, JsonType};
use crate::domain::{Comments, CommentsError, InsuredId, InsuredIdError, Reference, ReferenceError};

/// Says what is wrong and what is expected, as a sentence for the person who sent the body.
#[must_use]
pub fn detail(fault: &Fault) -> String {
    match fault.kind {
        FaultKind::NotAnObject { found } => {
            format!(
                "El cuerpo debe ser un objeto JSON; se recibió {}.",
                json_type(found)
            )
        }
        FaultKind::UnknownField { meant: Some(field) } => {
            format!("Campo desconocido; ¿quiso decir «{}»?", field.name())
        }
        FaultKind::UnknownField { meant: None } => {
            let names = Field::ALL.map(Field::name).join(", ");
            format!("Campo desconocido; los campos admitidos son: {names}.")
        }
        FaultKind::Repeated(_) => "El campo aparece más de una vez; envíelo una sola vez.".to_owned(),
        FaultKind::Missing(field) => format!("Falta este campo obligatorio: {}.", expected(field)),
        FaultKind::NotText {
            field: Field::InsuredId,
            found: JsonType::Number,
        } => format!(
            "Debe enviarse como texto entre comillas, no como número, para conservar los ceros a la izquierda: {}.",
            expected(Field::InsuredId)
        ),
        FaultKind::NotText {
            field,
            found: JsonType::Null,
        } if !field.is_required() => {
            format!("Se recibió null; omita el campo o envíe {}.", expected(field))
        }
        FaultKind::NotText { field, found } => {
            format!("Se recibió {}; se espera {}.", json_type(found), expected(field))
        }
        FaultKind::InsuredId(InsuredIdError::Empty) => {
            format!("No puede estar vacío; se espera {}.", expected(Field::InsuredId))
        }
        FaultKind::InsuredId(InsuredIdError::TooLong) => {
            format!("Es demasiado largo; se espera {}.", expected(Field::InsuredId))
        }
        FaultKind::InsuredId(InsuredIdError::Characters) => {
            format!(
                "Contiene caracteres no admitidos; se espera {}.",
                expected(Field::InsuredId)
            )
        }
        FaultKind::UnknownCountry => format!("País no admitido; se espera {}.", expected(Field::CountryIso)),
        FaultKind::NotADateTime => {
            format!(
                "No es una fecha y hora válida; se espera {}.",
                expected(Field::DateSchedule)
            )
        }
        FaultKind::NotInFuture => {
            "La fecha y hora de la cita debe ser posterior al momento actual.".to_owned()
        }
        FaultKind::Reference(ReferenceError::Empty) => format!(
            "No puede estar vacío; omita el campo o envíe texto de 1 a {} caracteres.",
            Reference::MAX_CHARACTERS
        ),
        FaultKind::Reference(ReferenceError::TooLong) => {
            format!(
                "Es demasiado largo; se espera texto de 1 a {} caracteres.",
                Reference::MAX_CHARACTERS
            )
        }
        FaultKind::Reference(ReferenceError::ControlCharacter) => {
            "Contiene caracteres de control, que no se admiten.".to_owned()
        }
        FaultKind::Comments(CommentsError::ControlCharacter) => {
            "Contiene caracteres de control; solo se admiten tabuladores y saltos de línea.".to_owned()
        }
        FaultKind::NotUnicode(field) => format!(
            "Contiene la mitad de un par suplente de Unicode (\\ud800 a \\udfff); se espera {}.",
            expected(field)
        ),
        FaultKind::Comments(CommentsError::TooLong) => {
            format!("Es demasiado largo; se espera {}.", expected(Field::Comments))
        }
    }
}

/// What a field must hold, as the end of a sentence.
#[must_use]
pub fn expected(field: Field) -> String {
    match field {
        Field::InsuredId => format!(
            "texto de 1 a {} caracteres, solo letras de la A a la Z sin tilde, dígitos o guiones (-)",
            InsuredId::MAX_CHARACTERS
        ),
        Field::CountryIso => "\"PE\" (Perú) o \"CL\" (Chile)".to_owned(),
        Field::DateSchedule => "una fecha y hora futura en formato RFC 3339 con desfase horario, \
             por ejemplo 2030-05-20T15:30:00-05:00"
            .to_owned(),
        Field::ScheduleId | Field::CenterId | Field::SpecialtyId | Field::MedicId => {
            format!("texto de 1 a {} caracteres", Reference::MAX_CHARACTERS)
        }
        Field::Comments => format!("texto de hasta {} caracteres", Comments::MAX_CHARACTERS),
    }
}

const fn json_type(found: JsonType) -> &'static str {
    match found {
        JsonType::Null => "null",
        JsonType::Boolean => "un valor booleano",
        JsonType::Number => "un número",
        JsonType::Text => "un texto",
        JsonType::List => "una lista",
        JsonType::Object => "un objeto",
    }
}
