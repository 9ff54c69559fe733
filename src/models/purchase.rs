//! Purchases.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::studio::StudioDetail;
use crate::error::printable;

model! {
    /// Something that a member bought.
    pub struct MemberPurchase {
        /// The purchase's id; empty if the service sends none.
        pub purchase_uuid: String = "memberPurchaseUUId",
        /// What was bought.
        pub name: Option<String>,
        /// What it cost, in the studio's currency.
        pub price: Option<String>,
        /// When it was bought.
        pub purchase_date_time: Option<Timestamp> = "memberPurchaseDateTime",
        /// What kind of thing it is.
        pub purchase_type: Option<String> = "memberPurchaseType",
        /// The purchase's status.
        pub status: Option<String>,
        /// How many were bought.
        pub quantity: Option<i64>,
        /// Where it was bought.
        pub studio: Option<StudioDetail>,
        /// The service's number of the fee.
        pub member_fee_id: Option<i64> = "memberFeeId",
        /// The service's number of the member.
        pub member_id: Option<i64> = "memberId",
        /// The service's number of the membership.
        pub member_membership_id: Option<i64> = "memberMembershipId",
        /// The service's number of the purchase.
        pub member_purchase_id: Option<i64> = "memberPurchaseId",
        /// The service's number of what was bought.
        pub member_service_id: Option<i64> = "memberServiceId",
        /// The till's number of the contract.
        pub pos_contract_id: Option<i64> = "posContractId",
        /// The till's number of the description.
        pub pos_description_id: Option<i64> = "posDescriptionId",
        /// The till's number of the payment.
        pub pos_pmt_ref_no: Option<i64> = "posPmtRefNo",
        /// The till's number of the product.
        pub pos_product_id: Option<i64> = "posProductId",
        /// The till's number of the sale.
        pub pos_sale_id: Option<i64> = "posSaleId",
        /// The service's number of the studio.
        pub studio_id: Option<i64> = "studioId",
    }
}

impl fmt::Display for MemberPurchase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bought) = self.purchase_date_time {
            write!(f, "{} ", Offset::UTC.to_datetime(bought).date())?;
        }
        f.write_str(&printable(self.name.as_deref().unwrap_or("a purchase without a name")))?;
        self.price.as_ref().map_or(Ok(()), |price| write!(f, ": {}", printable(price)))
    }
}
