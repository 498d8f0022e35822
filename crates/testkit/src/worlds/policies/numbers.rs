//! The numbers that documents name.

use psim_policy::{Computation, Field, Operator, Unit, Value};

use super::{Author, REGISTERS};

impl Author<'_> {
    /// Returns a unit that some field of the tree has, common ones more often.
    pub(super) fn any_unit(&mut self) -> Unit {
        let fields = self.fields();
        self.draws.pick(&fields).spec().unit
    }

    fn fields(&self) -> Vec<Field> {
        let fields = Field::ALL.iter().copied();
        fields.filter(|field| field.spec().trees.contain(self.tree)).collect()
    }

    /// Returns any number that is about as large as numbers of a unit are.
    pub(super) fn value_in(&mut self, unit: Unit, depth: usize) -> Value {
        match self.draws.below(12) {
            0..=4 => self.field_in(unit),
            5..=7 => self.literal_in(unit),
            8 => match self.draws.below(self.parameters.len() + 1).checked_sub(1) {
                Some(index) => Value::Parameter(self.parameters[index].0.clone()),
                None => self.literal_in(unit),
            },
            9 => Value::Register(self.draws.pick(&REGISTERS).to_owned()),
            _ if depth == 0 => self.literal_in(unit),
            _ => self.computation_in(unit, depth),
        }
    }

    pub(super) fn field_in(&mut self, unit: Unit) -> Value {
        let mut fields = self.fields();
        if !self.draws.once_in(8) {
            fields.retain(|field| field.spec().unit == unit);
        }
        if fields.is_empty() {
            return self.literal_in(unit);
        }
        Value::Field(self.draws.pick(&fields))
    }

    /// Returns a literal, in minor units where it is money.
    pub(super) fn literal_in(&mut self, unit: Unit) -> Value {
        let numbers: &[f64] = match unit {
            Unit::Money => &[0.0, 1.0, 1.0, 2.0, 2.5, 3.0, 5.0, 9.0, -1.0, 20.0],
            Unit::Ticks => &[0.0, 1.0, 2.0, 3.0, 5.0, 10.0, -1.0],
            Unit::Count => &[0.0, 1.0, 1.0, 2.0, 3.0, 8.0],
            Unit::Ratio => &[0.0, 0.1, 0.25, 0.5, 0.5, 0.8, 1.0, 1.3, -0.5],
            Unit::Flag => return Value::Flag(self.draws.once_in(2)),
            Unit::Rank => &[0.0, 1.0, 2.0, 4.0, 5.0, 7.0, 8.0, 10.0],
            Unit::BpsPerTick => &[0.0, 0.5, 33.333_333_333_333, 2500.0],
            Unit::PerTick => &[0.0, 0.0001, 0.05, 0.5],
            Unit::IdHash => &[0.0, 1e15],
        };
        let number = self.draws.pick(numbers);
        // A scale of minor units makes the cut-off of amounts visible.
        let scale = if unit == Unit::Money { self.unit as f64 } else { 1.0 };
        let trifle = self.draws.pick(&[0.0, 0.0, 0.0, 5e-10, 0.75]);
        Value::Number(number * scale + trifle)
    }

    fn computation_in(&mut self, unit: Unit, depth: usize) -> Value {
        let operator = self.draws.pick(&Operator::ALL);
        let count = operator.keys().map_or_else(|| 1 + self.draws.below(3), <[_]>::len);
        let mut operands: Vec<Value> = (0..count)
            .map(|_| {
                let other = self.any_unit();
                let unit = if self.draws.once_in(4) { other } else { unit };
                self.value_in(unit, depth - 1)
            })
            .collect();
        let is_nothing = |value: &Value| self.constant(value).is_some_and(|it| it.abs() < 1e-9);
        if operator == Operator::Divide && is_nothing(&operands[1]) {
            operands[1] = Value::Number(2.0); // reading it would be a fault
        }
        Value::Compute(Box::new(Computation { operator, operands }))
    }

    /// Returns the number that a value always is, if it always is the same.
    pub(super) fn constant(&self, value: &Value) -> Option<f64> {
        match value {
            Value::Number(number) => Some(*number),
            Value::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Value::Parameter(name) => {
                self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
            }
            _ => None,
        }
    }
}
