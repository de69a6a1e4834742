namespace Credentials.Cli.Issuing;

/// <summary>What the claims of the shipped types and of DCCs are called on paper, in Korean and English. Other claims keep their own names.</summary>
internal static class PrintedLabels
{
    private static readonly Dictionary<string, (string Ko, string En)> Types = new()
    {
        ["urn:credentials:kr:resident-certificate:1"] = ("주민등록표 등본", "Resident certificate"),
        ["urn:credentials:kr:mdl:1"] = ("운전면허 증명서", "Driving licence certificate"),
        ["eu_dcc_v1"] = ("EU 디지털 코로나19 증명서", "EU Digital COVID Certificate"),
    };

    private static readonly Dictionary<string, (string Ko, string En)> Claims = new()
    {
        ["family_name"] = ("성", "Family name"),
        ["given_name"] = ("이름", "Given name"),
        ["birth_date"] = ("생년월일", "Date of birth"),
        ["document_number"] = ("면허번호", "Document number"),
        ["certificate_number"] = ("증명서 번호", "Certificate number"),
        ["issue_date"] = ("발급일", "Date of issue"),
        ["expiry_date"] = ("만료일", "Date of expiry"),
        ["issuing_country"] = ("발급국", "Issuing country"),
        ["issuing_authority"] = ("발급기관", "Issuing authority"),
        ["address"] = ("주소", "Address"),
        ["resident_address"] = ("주소", "Address"),
        ["region"] = ("시·도", "Region"),
        ["city"] = ("시·군·구", "City or district"),
        ["street"] = ("도로명", "Street"),
        ["detail"] = ("상세 주소", "Address detail"),
        ["postal_code"] = ("우편번호", "Postal code"),
        ["head_of_household"] = ("세대주", "Head of household"),
        ["household_members"] = ("세대원", "Household members"),
        ["name"] = ("성명", "Name"),
        ["relationship"] = ("관계", "Relationship"),
        ["issued_for"] = ("용도", "Issued for"),
        ["driving_privileges"] = ("운전 자격", "Driving privileges"),
        ["vehicle_category_code"] = ("면허 종류", "Vehicle category"),
        ["age_over_18"] = ("만 18세 이상", "18 or older"),
        ["age_over_19"] = ("만 19세 이상", "19 or older"),
        ["age_over_21"] = ("만 21세 이상", "21 or older"),
        ["ver"] = ("서식 버전", "Schema version"),
        ["nam"] = ("성명", "Name"),
        ["fn"] = ("성", "Surname"),
        ["gn"] = ("이름", "Forename"),
        ["fnt"] = ("성 (로마자)", "Surname, transliterated"),
        ["gnt"] = ("이름 (로마자)", "Forename, transliterated"),
        ["dob"] = ("생년월일", "Date of birth"),
        ["v"] = ("예방접종", "Vaccination"),
        ["t"] = ("검사", "Test"),
        ["r"] = ("회복", "Recovery"),
        ["tg"] = ("대상 질병", "Disease targeted"),
        ["vp"] = ("백신 종류", "Vaccine or prophylaxis"),
        ["mp"] = ("제품", "Medicinal product"),
        ["ma"] = ("제조사", "Manufacturer"),
        ["dn"] = ("접종 차수", "Dose number"),
        ["sd"] = ("전체 접종 횟수", "Doses in the series"),
        ["dt"] = ("접종일", "Date of vaccination"),
        ["tt"] = ("검사 종류", "Type of test"),
        ["nm"] = ("검사명", "Test name"),
        ["sc"] = ("검체 채취 일시", "Sample taken"),
        ["tr"] = ("검사 결과", "Test result"),
        ["tc"] = ("검사 기관", "Testing centre"),
        ["fr"] = ("첫 양성일", "First positive result"),
        ["df"] = ("유효 시작일", "Valid from"),
        ["du"] = ("유효 종료일", "Valid until"),
        ["co"] = ("국가", "Country"),
        ["is"] = ("발급기관", "Certificate issuer"),
        ["ci"] = ("고유 번호", "Unique identifier"),
    };

    internal static (string Ko, string En) ForType(string type) => Types.GetValueOrDefault(type, (type, type));

    internal static (string Ko, string En) ForClaim(string name) => Claims.GetValueOrDefault(name, (name, name));
}
