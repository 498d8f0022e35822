//! What people are shown of policies, for every policy of the library.

use psim_policy::{
    Context, Coverage, Field, Node, Policy, Trail, Tree, Unit, diff, drawing, english, library,
};

fn policies() -> impl Iterator<Item = Policy> {
    library::names().map(|name| library::named(name).expect("it is there"))
}

#[test]
fn every_node_is_drawn_and_every_page_keeps_to_its_columns() {
    for policy in policies() {
        let document = policy.document();
        let drawn = drawing(document);
        for (_, node) in document.nodes() {
            assert_eq!(drawn.matches(&format!(" {}: ", node.id())).count(), 1, "{}", node.id());
        }
        let told = english(document);
        for line in drawn.lines().chain(told.lines()) {
            assert!(line.chars().count() <= 100, "{}: {line}", policy.id());
            assert_eq!(line, line.trim_end(), "{}", policy.id());
        }
        // Each leaf is an order, each condition an "if".
        let (mut leaves, mut branches) = (0, 0);
        for (_, node) in document.nodes() {
            match node {
                Node::Action(_) => leaves += 1,
                Node::Condition(_) => branches += 1,
            }
        }
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let ifs = ["If ", "if "].map(|word| words.matches(word).count());
        assert!(ifs[0] + ifs[1] >= branches, "{}: {ifs:?} of {branches}\n{told}", policy.id());
        assert!(words.matches(['.', ';']).count() >= leaves, "{}\n{told}", policy.id());
    }
}

#[test]
fn policies_differ_from_others_and_not_from_themselves() {
    let all: Vec<Policy> = policies().collect();
    for pair in all.windows(2) {
        let [one, other] = pair else { continue };
        assert_eq!(diff(one.document(), one.document()), "no difference\n");
        let differences = diff(one.document(), other.document());
        assert!(differences.lines().count() >= 2, "{differences}");
        let back = diff(other.document(), one.document());
        assert_eq!(differences.matches(" added").count(), back.matches(" removed").count());
    }
}

/// Numbers that have nothing to do with each other.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }
}

impl Context for Noise {
    fn field(&mut self, field: Field) -> f64 {
        let number = self.next();
        let most = match field.spec().unit {
            Unit::Money => 5_000_000,
            Unit::Ticks | Unit::Count => 30,
            Unit::Rank => 11,
            Unit::Flag => 2,
            Unit::Ratio | Unit::BpsPerTick | Unit::PerTick | Unit::IdHash => {
                return (number % 1_000) as f64 / 1_000.0;
            }
        };
        (number % most) as f64
    }

    fn register(&mut self, _: usize) -> f64 {
        (self.next() % 4) as f64
    }
}

/// Ways as policies write them are ways that a count understands, and all are counted.
#[test]
fn every_way_that_is_written_is_counted() {
    const TIMES: u64 = 200;
    let mut noise = Noise(42);
    for policy in policies() {
        let mut coverage = Coverage::new(policy.document());
        for tree in Tree::ALL.into_iter().filter(|tree| policy.has(*tree)) {
            for _ in 0..TIMES {
                let mut trail = Trail::default();
                let decision = match tree {
                    Tree::Payment => policy.decide_payment(&mut noise, &mut trail).map(|_| ()),
                    Tree::Bank => policy.decide_bank(&mut noise, &mut trail).map(|_| ()),
                    _ => policy.decide_collateral(tree, &mut noise, &mut trail).map(|_| ()),
                };
                let way = policy.path(&trail.0);
                assert_eq!(coverage.record(&way, 1, decision.is_err()), Some(tree));
            }
            assert_eq!(coverage.evaluations(tree), TIMES);
        }
        assert_eq!(coverage.strange(), 0);
        for (_, node) in policy.document().nodes() {
            if let Node::Condition(branch) = node {
                let taken = coverage.taken(&branch.node_id);
                assert_eq!(taken.on_true, coverage.taken(branch.on_true.id()).times);
                assert_eq!(taken.on_false, coverage.taken(branch.on_false.id()).times);
            }
        }
    }
}
