//! Putting lists in order. The standard library's sorts are compiled once for each type of item, and even one of them is
//! 10 KB of code; these sort places, with one small piece of code for all.

use std::cmp::Ordering;

/// The places of some keys, by key; equal ones stay in their order.
pub(crate) fn places<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    sort(&mut places, &|one, other| keys.get(one).cmp(&keys.get(other)));
    places
}

/// The first place of each key, in their order.
pub(crate) fn first_places<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut places = places(keys);
    places.dedup_by(|next, first| keys.get(*next) == keys.get(*first));
    sort(&mut places, &|one, other| one.cmp(&other));
    places
}

/// Leaves the items of these places, in the order of the places.
pub(crate) fn arrange<T>(items: &mut Vec<T>, places: &[usize]) {
    let mut all: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.reserve_exact(places.len().min(all.len()));
    items.extend(places.iter().filter_map(|place| all.get_mut(*place)?.take()));
}

fn sort(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
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
        arrange(&mut items, &places(&keys));
        assert_eq!(items.len(), 1000);
        assert!(items.is_sorted());
    }

    #[test]
    fn any_number_of_keys_in_any_order_is_sorted() {
        for count in 0..50_usize {
            for step in 1..50 {
                let keys: Vec<usize> = (0..count).map(|index| index * step % 50).collect();
                let mut sorted = keys.clone();
                arrange(&mut sorted, &places(&keys));
                assert!(sorted.is_sorted() && sorted.len() == count, "{keys:?}");
            }
        }
    }

    #[test]
    fn the_first_of_each_key_is_left() {
        let mut items = vec!["c", "a", "c", "b", "a", "d"];
        let firsts = first_places(&items);
        arrange(&mut items, &firsts);
        assert_eq!(items, ["c", "a", "b", "d"]);
        assert_eq!(first_places::<u8>(&[]), [0; 0]);
    }

    #[test]
    fn a_place_that_is_none_and_one_named_twice_give_nothing() {
        let mut items = vec!["a", "b"];
        arrange(&mut items, &[5, 1, 1]);
        assert_eq!(items, ["b"]);
    }
}
