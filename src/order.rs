//! Putting lists in order. The standard library's sorts are compiled once for each type of item, 10 KB of code each time;
//! here indices are sorted, by one of them for all types.

use std::cmp::Ordering;

/// Puts items in order; equal ones stay in theirs.
pub(crate) fn sort<T: Ord>(items: &mut Vec<T>) {
    let indices = indices(items);
    arrange(items, &indices);
}

/// Puts items in the order of their keys; those with equal keys stay in theirs.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    arrange(items, &indices(&keys));
}

/// Leaves the first of the items that are equal.
pub(crate) fn unique<T: Ord>(items: &mut Vec<T>) {
    let firsts = first_indices(items);
    arrange(items, &firsts);
}

/// The indices of some keys, in the order of the keys; equal ones stay in their order.
pub(crate) fn indices<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..keys.len()).collect();
    sort_indices(&mut indices, &|one, other| keys.get(one).cmp(&keys.get(other)));
    indices
}

/// The first index of each key, in their order.
fn first_indices<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut indices = indices(keys);
    indices.dedup_by(|next, first| keys.get(*next) == keys.get(*first));
    sort_indices(&mut indices, &|one, other| one.cmp(&other));
    indices
}

/// Leaves the items of these indices, in the order of the indices.
pub(crate) fn arrange<T>(items: &mut Vec<T>, indices: &[usize]) {
    let mut all: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.reserve_exact(indices.len().min(all.len()));
    items.extend(indices.iter().filter_map(|index| all.get_mut(*index)?.take()));
}

/// An unstable sort is the smaller one; by their indices, equal keys stay in their order.
fn sort_indices(indices: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    indices.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay_in_their_order() {
        // Enough that a sort that is not stable shows it.
        let keys: Vec<usize> = (0..1000).map(|index| index * 7919 % 13).collect();
        let mut items: Vec<(usize, String)> =
            keys.iter().enumerate().map(|(index, key)| (*key, format!("{index:04}"))).collect();
        arrange(&mut items, &indices(&keys));
        assert_eq!(items.len(), 1000);
        assert!(items.is_sorted());
    }

    #[test]
    fn any_number_of_keys_in_any_order_is_sorted() {
        for count in 0..50_usize {
            for step in 1..50 {
                let keys: Vec<usize> = (0..count).map(|index| index * step % 50).collect();
                let mut sorted = keys.clone();
                arrange(&mut sorted, &indices(&keys));
                assert!(sorted.is_sorted() && sorted.len() == count, "{keys:?}");
            }
        }
    }

    #[test]
    fn the_first_of_each_key_is_left() {
        let mut items = vec!["c", "a", "c", "b", "a", "d"];
        let firsts = first_indices(&items);
        arrange(&mut items, &firsts);
        assert_eq!(items, ["c", "a", "b", "d"]);
        assert_eq!(first_indices::<u8>(&[]), [0; 0]);
    }

    #[test]
    fn a_place_that_is_none_and_one_named_twice_give_nothing() {
        let mut items = vec!["a", "b"];
        arrange(&mut items, &[5, 1, 1]);
        assert_eq!(items, ["b"]);
    }
}
