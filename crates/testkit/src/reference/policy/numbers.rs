//! Numbers: literals, parameters, fields, registers, and what is computed from them.

use psim_policy::{Computation, Operator, Value};

use super::{Asking, Cause};

impl Asking<'_> {
    pub(super) fn number(self, value: &Value) -> Result<f64, Cause> {
        match value {
            Value::Number(number) => Ok(*number),
            Value::Flag(flag) => Ok(if *flag { 1.0 } else { 0.0 }),
            Value::Parameter(name) => {
                let declared = self.document.parameter(name);
                Ok(declared.expect("Invariant: a policy names only parameters that it declares"))
            }
            Value::Field(field) => Ok(self.known.field(*field)),
            Value::Register(name) => Ok(self.known.register(name)),
            Value::Compute(computation) => self.compute(computation),
        }
    }

    fn compute(self, computation: &Computation) -> Result<f64, Cause> {
        let mut operands = Vec::new();
        for operand in &computation.operands {
            operands.push(self.number(operand)?);
        }
        let result = match (computation.operator, operands.as_slice()) {
            (Operator::Add, [left, right]) => left + right,
            (Operator::Subtract, [left, right]) => left - right,
            (Operator::Multiply, [left, right]) => left * right,
            (Operator::Divide, [_, right]) if right.abs() < f64::EPSILON => {
                return Err(Cause::DivisionByZero);
            }
            (Operator::Divide, [left, right]) => left / right,
            (Operator::Max, [first, others @ ..]) => {
                others.iter().fold(*first, |largest, other| largest.max(*other))
            }
            (Operator::Min, [first, others @ ..]) => {
                others.iter().fold(*first, |smallest, other| smallest.min(*other))
            }
            (Operator::Ceil, [value]) => value.ceil(),
            (Operator::Floor, [value]) => value.floor(),
            (Operator::Round, [value]) => value.round(),
            (Operator::Abs, [value]) => value.abs(),
            (Operator::Clamp, [value, min, max]) => value.max(*min).min(*max),
            (Operator::DivideOr, [_, denominator, default]) if denominator.abs() < 1e-9 => *default,
            (Operator::DivideOr, [numerator, denominator, _]) => numerator / denominator,
            (operator, operands) => {
                panic!("Invariant: {operator:?} does not take {} operands", operands.len())
            }
        };
        if result.is_nan() { Err(Cause::NotANumber) } else { Ok(result) }
    }
}
