//! Spreads independent pieces of work over threads, with results in the order of the work.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `work` for every item. With `jobs` of 0 or 1 the caller's thread does it all, and no thread is made:
/// an editor lints one file at a time, and a WebAssembly host has no threads.
pub(crate) fn map<T: Sync, R: Send>(jobs: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut results = Vec::with_capacity(items.len());
    each(jobs, items, work, |result| results.push(result));
    results
}

/// Runs `work` for every item and hands over what comes of it, in the order of the items, as soon as that of those before
/// has been handed over.
pub(crate) fn each<T: Sync, R: Send>(
    jobs: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) + Send,
) {
    let jobs = jobs.min(items.len());
    if jobs <= 1 {
        return items.iter().map(work).for_each(take);
    }
    let next = AtomicUsize::new(0);
    let door = Mutex::new(Door { next: 0, waiting: BTreeMap::new(), take: &mut take });
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    if let Ok(mut door) = door.lock() {
                        door.pass(index, result);
                    }
                }
            });
        }
    });
}

/// Where results pass one by one, in their order.
struct Door<'t, R> {
    /// The number of the one whose turn it is.
    next: usize,
    /// Those that came early.
    waiting: BTreeMap<usize, R>,
    take: &'t mut (dyn FnMut(R) + Send),
}

impl<R> Door<'_, R> {
    fn pass(&mut self, index: usize, result: R) {
        self.waiting.insert(index, result);
        while let Some(result) = self.waiting.remove(&self.next) {
            (self.take)(result);
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_keep_the_order_of_the_work_for_any_number_of_threads() {
        let items: Vec<usize> = (0..100).collect();
        for jobs in [0, 1, 3, 200] {
            let doubled = super::map(jobs, &items, |n| n * 2);
            assert_eq!(doubled, items.iter().map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn results_are_handed_over_in_order_while_others_are_at_work() {
        let items: Vec<usize> = (0..50).collect();
        for jobs in [1, 4] {
            let mut taken = Vec::new();
            let slow = |n: &usize| {
                std::thread::sleep(std::time::Duration::from_millis(u64::from(n.is_multiple_of(5))));
                *n
            };
            super::each(jobs, &items, slow, |n| taken.push(n));
            assert_eq!(taken, items);
        }
    }
}
