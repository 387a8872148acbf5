"""The highest weights of pairs whose evidence others share."""

from pydantic import Field, model_validator

from dq.standards.reader import Policy


class Distances(Policy):
    """How far apart the middles of two ZIP areas (first three digits) are, in kilometres.

    Attributes:
        near: Up to here people move and still work at the same place, or drive to work.
        region: Up to here they are in one part of the country.
    """

    near: int = Field(gt=0)
    region: int = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> "Distances":
        if self.region < self.near:
            raise ValueError("region is below near")
        return self


class Ceilings(Policy):
    """The highest weight of pairs whose evidence others share: a household, a building, the branches of a company.

    Identifiers, birth dates and what else is a customer's own are added on top.

    Attributes:
        tax_id_of_relative: Bits that a shared tax id counts at most where given names differ.
        birthday_of_twin: Bits that a shared birthday counts at most where given names differ.
        mail_of_name: Bits that a mailbox made of the name alone counts at most beside the same name or nearly so.
        household: Two persons whose first or middle names, birth dates or tax ids differ, or without first name.
        alike_name: Two persons whose first names sound or look alike and are both given names (Joan, Joanne).
        alike_name_proven: The same with one birth date or mailbox.
        alike_name_apart: The same with another phone or e-mail, and no mailbox in common.
        other_family: Two persons whose family names differ.
        no_name: Two persons of whom one has no name at all.
        initial: Two persons of whom one has an initial only, without the same tax id, and nothing but a phone at most.
        nickname: Two persons of whom one has a nickname of the other's name, and nothing of their own in common.
        name_and_home: Two persons of one name and address, and no phone, e-mail or birth date in common.
        namesake: Two persons of one name, nothing of their own in common, and another phone or another e-mail.
        namesake_apart: The same with another phone and another e-mail.
        nickname_apart: The same with a nickname of the other's name.
        nickname_twins: A nickname, another phone and another e-mail, whatever the birth date.
        generation: Two persons of whom one is called Jr, Sr or a number and the other is not.
        marked_door: Two persons without Jr, Sr or a number, where somebody of the name at the door has one.
        generation_alone: The same without a phone or mailbox in common.
        born_apart: Two persons born a generation apart, without a mailbox or tax id in common.
        near_number: Two persons whose whole tax ids nearly agree, and another birth date, flat, house or no name.
        near_number_other_name: The same with another name.
        branch: Two organisations with another branch number or none, without a place, phone or mailbox in common.
        name_alone: Two organisations of one name with nothing else in common, one of them without an address.
        town_name: Two organisations of one name that begins with their town, and one website; one has no address.
        chain: Two organisations whose website others have at several places, one of them without a place or phone.
        same_place_other_name: Two organisations at one address whose names are not the same.
        same_place_part_name: One name part of the other.
        same_place_alone: Names not the same, and no phone, mailbox or website in common.
        same_place_alike_alone: Most words of the names agree, and no phone, mailbox or website in common.
        nearby_longer_name: In one town, one name longer than the other, whatever they share.
        nearby_part_name_alone: The same without a phone or mailbox in common.
        nearby_other_name: In one town, names not the same.
        nearby_part_name: In one town, names alike but not the same.
        elsewhere_other_name: In different places, names not the same.
        nearby_same_name: In one town at different addresses, same name.
        nearby_same_name_alone: The same without a phone or mailbox in common.
        nearby_same_name_streetless: The same where one of them has neither street nor box.
        elsewhere_same_name: In different places, same name.
        elsewhere_same_name_alone: The same without a phone or mailbox in common.
        no_place_other_name: Without an address on one side, names not the same.
    """

    tax_id_of_relative: float = Field(ge=0)
    birthday_of_twin: float = Field(ge=0)
    mail_of_name: float = Field(ge=0)
    household: float
    alike_name: float
    alike_name_proven: float
    alike_name_apart: float
    other_family: float
    no_name: float
    initial: float
    nickname: float
    name_and_home: float
    namesake: float
    namesake_apart: float
    nickname_apart: float
    nickname_twins: float
    generation: float
    marked_door: float
    generation_alone: float
    born_apart: float
    near_number: float
    near_number_other_name: float
    branch: float
    name_alone: float
    town_name: float
    chain: float
    same_place_other_name: float
    same_place_part_name: float
    same_place_alone: float
    same_place_alike_alone: float
    nearby_longer_name: float
    nearby_part_name_alone: float
    nearby_other_name: float
    nearby_part_name: float
    elsewhere_other_name: float
    nearby_same_name: float
    nearby_same_name_alone: float
    nearby_same_name_streetless: float
    elsewhere_same_name: float
    elsewhere_same_name_alone: float
    no_place_other_name: float
