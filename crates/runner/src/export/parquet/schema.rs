//! Columns as Parquet declares them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use parquet::basic::{DecimalType, IntType, LogicalType, Repetition, Type as Physical};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::{Type, TypePtr};

/// Returns the schema of a table.
pub(super) fn of(schema: &Schema) -> Result<TypePtr> {
    let fields = schema.fields().iter().map(|field| column(field.name(), field));
    let fields = fields.collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

fn column(name: &str, field: &Field) -> Result<TypePtr> {
    let repetition = if field.is_nullable() { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let (physical, logical) = match field.data_type() {
        DataType::Int64 => (Physical::INT64, None),
        DataType::UInt64 => {
            let unsigned = LogicalType::Integer(IntType { bit_width: 64, is_signed: false });
            (Physical::INT64, Some(unsigned))
        }
        DataType::Float64 => (Physical::DOUBLE, None),
        DataType::Boolean => (Physical::BOOLEAN, None),
        DataType::Dictionary(..) | DataType::Utf8View | DataType::LargeUtf8 => {
            (Physical::BYTE_ARRAY, Some(LogicalType::String))
        }
        DataType::Decimal128(precision, scale) => {
            return decimal(name, repetition, (*precision).into(), (*scale).into());
        }
        DataType::LargeList(item) => return list(name, repetition, item),
        other => return Err(unknown(other)),
    };
    let column = Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical);
    Ok(Arc::new(column.build()?))
}

fn decimal(name: &str, repetition: Repetition, precision: i32, scale: i32) -> Result<TypePtr> {
    let column = Type::primitive_type_builder(name, Physical::FIXED_LEN_BYTE_ARRAY)
        .with_repetition(repetition)
        .with_length(16)
        .with_logical_type(Some(LogicalType::Decimal(DecimalType { scale, precision })))
        .with_precision(precision)
        .with_scale(scale);
    Ok(Arc::new(column.build()?))
}

/// A group of a repeated group of an item, as the format wants it.
fn list(name: &str, repetition: Repetition, item: &Field) -> Result<TypePtr> {
    let repeated = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![column("element", item)?])
        .build()?;
    let column = Type::group_type_builder(name)
        .with_repetition(repetition)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(repeated)]);
    Ok(Arc::new(column.build()?))
}

/// Says that a type was forgotten here.
pub(super) fn unknown(ty: &DataType) -> ParquetError {
    ParquetError::NYI(format!("no form for {ty}"))
}
