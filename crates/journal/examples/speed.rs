//! Measures.
#![allow(clippy::all, clippy::pedantic, clippy::disallowed_methods)]
use psim_engine::Engine;
use psim_journal::*;
use psim_model::event::*;
use psim_model::*;
use psim_testkit::sketch;
use std::time::Instant;
fn main() {
    let n: u32 = std::env::args().nth(1).map_or(400_000, |a| a.parse().unwrap());
    let dir = std::env::args().nth(2).unwrap_or("/tmp/jspeed".into());
    let ticks = 720u32;
    let agents: Vec<(String, i64)> =
        (0..200).map(|i| (format!("BANK{i:04}"), 500_000_000_000_i64)).collect();
    let refs: Vec<(&str, i64)> = agents.iter().map(|(a, b)| (a.as_str(), *b)).collect();
    let mut s = sketch::scenario(ticks, 1, &refs);
    let mut x = 88172645463325252u64;
    let mut r = |m: u64| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 11) % m
    };
    for i in 0..n {
        let t = (u64::from(i) * 700 / u64::from(n)) as u32;
        let a = r(200) as u32;
        let b = (a + 1 + r(199) as u32) % 200;
        let mut p = sketch::payment(t, a, b, 1 + r(10_000_000_00) as i64);
        p.deadline = Tick(719);
        s.payments.rows.push(p);
    }
    let s = s.check().unwrap();
    let t = Instant::now();
    let mut e = Engine::new(s.clone());
    let mut batches = vec![];
    let mut total = 0;
    while !e.is_finished() {
        let mut b = EventBatch::default();
        e.tick(&mut b).unwrap();
        total += b.events().len();
        batches.push(b);
    }
    println!("events {total} engine {:?}", t.elapsed());
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    for round in 0..3 {
        // bare loop
        let rows: Vec<[Option<i64>; 16]> = batches
            .iter()
            .flat_map(|b| {
                b.events().iter().enumerate().map(move |(i, e)| {
                    let mut row = [None; 16];
                    row[0] = Some((b.first_seq() + i as u64) as i64 | (1 << 40));
                    row[1] = Some(b.tick().0 as i64);
                    row[2] = Some(e.kind().code() as i64);
                    let mut f = vec![];
                    e.store(b.texts(), |s, c| f.push((s, c)));
                    let mut nx = 7;
                    let mut taken = [false; 7];
                    for (s, c) in f {
                        let p = match (s.name, s.ty) {
                            ("agent_id" | "sender_id", FieldType::Agent) => 3,
                            ("receiver_id", FieldType::Agent) => 4,
                            ("tx_id", FieldType::Payment) => 5,
                            ("amount", FieldType::Money) => 6,
                            _ => {
                                nx += 1;
                                nx - 1
                            }
                        };
                        if p < 7 {
                            taken[p] = true;
                        }
                        row[p] = match c {
                            Cell::Int(v) => Some(v),
                            _ => None,
                        };
                    }
                    row
                })
            })
            .collect();
        let path = format!("{dir}/bare{round}.db");
        let c = rusqlite::Connection::open(&path).unwrap();
        c.pragma_update(None, "page_size", 8192).unwrap();
        c.pragma_update(None, "journal_mode", "WAL").unwrap();
        c.pragma_update(None, "synchronous", "NORMAL").unwrap();
        c.pragma_update(None, "cache_size", -16384).unwrap();
        c.execute_batch("CREATE TABLE events (id INTEGER PRIMARY KEY, tick, kind, agent, counterparty, tx, amount, x1,x2,x3,x4,x5,x6,x7,x8,x9)").unwrap();
        let t = Instant::now();
        c.execute_batch("BEGIN").unwrap();
        {
            let mut st = c.prepare("INSERT INTO events VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)").unwrap();
            for row in &rows {
                for (i, v) in row.iter().enumerate() {
                    st.raw_bind_parameter(i + 1, v).unwrap();
                }
                st.raw_execute().unwrap();
            }
        }
        c.execute_batch("COMMIT").unwrap();
        let a = t.elapsed();
        drop(c);
        let b = t.elapsed();
        println!("bare   {:?} (closed {:?}) {:.0}/s", a, b, total as f64 / b.as_secs_f64());
        for (page, ckpt, txn, cache) in [
            (4096, 8000, 100_000, 16384),
            (8192, 1000, 100_000, 16384),
            (8192, 4000, 100_000, 16384),
            (8192, 16000, 100_000, 16384),
            (16384, 2000, 100_000, 16384),
            (32768, 1000, 100_000, 16384),
            (8192, 4000, 100_000, 2048),
            (8192, 4000, 20_000, 16384),
            (8192, 4000, 400_000, 65536),
        ] {
            let path = format!("{dir}/var.db");
            for s in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{path}{s}"));
            }
            let c = rusqlite::Connection::open(&path).unwrap();
            c.pragma_update(None, "page_size", page).unwrap();
            c.pragma_update(None, "journal_mode", "WAL").unwrap();
            c.pragma_update(None, "synchronous", "NORMAL").unwrap();
            c.pragma_update(None, "wal_autocheckpoint", ckpt).unwrap();
            c.pragma_update(None, "cache_size", -cache).unwrap();
            c.execute_batch("CREATE TABLE events (id INTEGER PRIMARY KEY, tick, kind, agent, counterparty, tx, amount, x1,x2,x3,x4,x5,x6,x7,x8,x9)").unwrap();
            let t = Instant::now();
            {
                let mut st = c.prepare("INSERT INTO events VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)").unwrap();
                for ch in rows.chunks(txn) {
                    c.execute_batch("BEGIN").unwrap();
                    for row in ch {
                        for (i, v) in row.iter().enumerate() {
                            st.raw_bind_parameter(i + 1, v).unwrap();
                        }
                        st.raw_execute().unwrap();
                    }
                    c.execute_batch("COMMIT").unwrap();
                }
            }
            drop(c);
            let b = t.elapsed();
            println!(
                "page {page} ckpt {ckpt} txn {txn} cache {cache}: {:?} {:.0}/s",
                b,
                total as f64 / b.as_secs_f64()
            );
        }
        drop(rows);
        let path = format!("{dir}/journal{round}.db");
        let mut copies = batches.clone();
        let t = Instant::now();
        let j = Journal::create_or_open(&path).unwrap();
        let mut w = j
            .begin(&RunRecord {
                simulation_id: None,
                source: "",
                scenario_text: "",
                scenario: &s,
                overrides: &[],
                version: "0",
                ticks_asked: ticks,
            })
            .unwrap();
        let opened = t.elapsed();
        for b in &mut copies {
            w.write(b).unwrap();
        }
        let handed = t.elapsed();
        let j = w.finish(Seal { day_hashes: vec![], stream_hash: String::new() }).unwrap();
        let fin = t.elapsed();
        drop(j);
        let closed = t.elapsed();
        println!(
            "journal open {opened:?} handed {handed:?} finished {fin:?} closed {closed:?} {:.0}/s",
            total as f64 / closed.as_secs_f64()
        );
        let size = std::fs::metadata(&path).unwrap().len();
        println!("bytes/event {:.1}", size as f64 / total as f64);
        let j = Journal::open(&path).unwrap();
        let run = j.resolve(None).unwrap();
        let t = Instant::now();
        let mut rd = j.read(&run).unwrap();
        let mut b = EventBatch::default();
        let mut k = 0;
        while rd.next(&mut b).unwrap() {
            k += b.events().len();
        }
        println!("read {k} {:?} {:.0}/s", t.elapsed(), k as f64 / t.elapsed().as_secs_f64());
        drop(rd);
        let t = Instant::now();
        let mut rd = j.read_payment(&run, "tx-1234").unwrap();
        let mut k = 0;
        while rd.next(&mut b).unwrap() {
            k += 1;
        }
        println!("trace read {k} {:?}", t.elapsed());
        drop(rd);
        drop(j);
        let mut j = Journal::open_to_change(&path).unwrap();
        let t = Instant::now();
        j.ensure_trace_index().unwrap();
        println!("index {:?}", t.elapsed());
        let t = Instant::now();
        let k = {
            let mut rd = j.read_payment(&run, "tx-1234").unwrap();
            let mut k = 0;
            while rd.next(&mut b).unwrap() {
                k += 1;
            }
            k
        };
        println!("trace with index {k} {:?}", t.elapsed());
        drop(j);
        println!(
            "bytes/event with index {:.1}",
            std::fs::metadata(&path).unwrap().len() as f64 / total as f64
        );
    }
}
