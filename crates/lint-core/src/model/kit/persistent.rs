//! A map whose copies share what they have in common.
//!
//! Every stage and every instruction has its own view of ENV, LABEL and the like, and a Dockerfile may have a
//! hundred thousand of them: copying a map each time would be quadratic, and a chain of parents to walk would
//! be quadratic to read (and deep to drop).

use std::fmt;
use std::sync::Arc;

/// A map from names to values. Cloning costs a counter; inserting copies `O(log n)` nodes.
pub struct PersistentMap<V> {
    root: Link<V>,
}

type Link<V> = Option<Arc<Node<V>>>;

/// A node of an AVL tree, so that neither lookup nor drop is ever deeper than some 30 nodes.
struct Node<V> {
    key: Arc<str>,
    value: Arc<V>,
    left: Link<V>,
    right: Link<V>,
    height: u8,
    len: u32,
}

impl<V> PersistentMap<V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self { root: None }
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        len(&self.root) as usize
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        let mut link = &self.root;
        while let Some(node) = link {
            link = match key.cmp(&node.key) {
                std::cmp::Ordering::Less => &node.left,
                std::cmp::Ordering::Greater => &node.right,
                std::cmp::Ordering::Equal => return Some(&node.value),
            };
        }
        None
    }

    /// Whether there is such a name.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value of a name. Copies made before keep theirs.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, value: V) {
        self.root = Some(insert(&self.root, key.into(), Arc::new(value)));
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> Iter<'_, V> {
        let mut iter = Iter { stack: Vec::new() };
        iter.descend(&self.root);
        iter
    }
}

/// Names and values, in the order of the names.
pub struct Iter<'a, V> {
    stack: Vec<&'a Node<V>>,
}

impl<'a, V> Iter<'a, V> {
    fn descend(&mut self, mut link: &'a Link<V>) {
        while let Some(node) = link {
            self.stack.push(node);
            link = &node.left;
        }
    }
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a str, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.stack.pop()?;
        self.descend(&node.right);
        Some((&node.key, &node.value))
    }
}

impl<'a, V> IntoIterator for &'a PersistentMap<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

fn insert<V>(link: &Link<V>, key: Arc<str>, value: Arc<V>) -> Arc<Node<V>> {
    let Some(node) = link else {
        return Arc::new(Node { key, value, left: None, right: None, height: 1, len: 1 });
    };
    match key.as_ref().cmp(&node.key) {
        std::cmp::Ordering::Less => {
            balanced(node.entry(), Some(insert(&node.left, key, value)), node.right.clone())
        }
        std::cmp::Ordering::Greater => {
            balanced(node.entry(), node.left.clone(), Some(insert(&node.right, key, value)))
        }
        std::cmp::Ordering::Equal => join((key, value), node.left.clone(), node.right.clone()),
    }
}

type Entry<V> = (Arc<str>, Arc<V>);

impl<V> Node<V> {
    fn entry(&self) -> Entry<V> {
        (Arc::clone(&self.key), Arc::clone(&self.value))
    }
}

fn join<V>((key, value): Entry<V>, left: Link<V>, right: Link<V>) -> Arc<Node<V>> {
    let height = height(&left).max(height(&right)).saturating_add(1);
    let len = len(&left).saturating_add(len(&right)).saturating_add(1);
    Arc::new(Node { key, value, left, right, height, len })
}

/// Joins two subtrees whose heights differ by at most two.
fn balanced<V>(entry: Entry<V>, left: Link<V>, right: Link<V>) -> Arc<Node<V>> {
    let (left_height, right_height) = (height(&left), height(&right));
    match (&left, &right) {
        (Some(l), _) if left_height > right_height.saturating_add(1) => match &l.right {
            Some(inner) if inner.height > height(&l.left) => join(
                inner.entry(),
                Some(join(l.entry(), l.left.clone(), inner.left.clone())),
                Some(join(entry, inner.right.clone(), right)),
            ),
            _ => join(l.entry(), l.left.clone(), Some(join(entry, l.right.clone(), right))),
        },
        (_, Some(r)) if right_height > left_height.saturating_add(1) => match &r.left {
            Some(inner) if inner.height > height(&r.right) => join(
                inner.entry(),
                Some(join(entry, left, inner.left.clone())),
                Some(join(r.entry(), inner.right.clone(), r.right.clone())),
            ),
            _ => join(r.entry(), Some(join(entry, left, r.left.clone())), r.right.clone()),
        },
        _ => join(entry, left, right),
    }
}

fn height<V>(link: &Link<V>) -> u8 {
    link.as_ref().map_or(0, |node| node.height)
}

fn len<V>(link: &Link<V>) -> u32 {
    link.as_ref().map_or(0, |node| node.len)
}

impl<V> Clone for PersistentMap<V> {
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

impl<V> Default for PersistentMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: fmt::Debug> fmt::Debug for PersistentMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<V> fmt::Debug for Iter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn copies_keep_their_values_and_names_stay_sorted() {
        let mut map = PersistentMap::new();
        map.insert("b", 1);
        let before = map.clone();
        map.insert("a", 2);
        map.insert("b", 3);
        assert_eq!(before.iter().collect::<Vec<_>>(), [("b", &1)]);
        assert_eq!(map.iter().collect::<Vec<_>>(), [("a", &2), ("b", &3)]);
        assert_eq!((map.get("c"), map.len(), before.len()), (None, 2, 1));
    }

    #[test]
    fn the_tree_stays_balanced_in_any_order_of_insertion() {
        type Order = fn(u32) -> u32;
        let orders: [Order; 3] = [|i| i, |i| 9999 - i, |i| i * 7919 % 10_000];
        for order in orders {
            let mut map = PersistentMap::new();
            let mut model = BTreeMap::new();
            for i in (0..10_000).map(order) {
                map.insert(format!("{i:05}"), i);
                model.insert(format!("{i:05}"), i);
            }
            assert!(height(&map.root) <= 20, "height {}", height(&map.root));
            assert!(map.iter().eq(model.iter().map(|(k, v)| (k.as_str(), v))));
        }
    }
}
