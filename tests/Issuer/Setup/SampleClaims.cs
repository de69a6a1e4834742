using System.Text.Json.Nodes;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>People who do not exist. The family name is a canary: it must not turn up in logs.</summary>
internal static class SampleClaims
{
    internal const string FamilyName = "Kanarienvogel";

    /// <summary>The beginning and the end of a JPEG.</summary>
    internal static readonly byte[] PortraitBytes = [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9];

    internal static string Portrait { get; } = "data:image/jpeg;base64," + Credentials.Codecs.StrictBase64.Encode(PortraitBytes);

    internal static JsonObject Licence(string birthDate = "1990-02-03") => new()
    {
        ["family_name"] = FamilyName,
        ["given_name"] = "길동",
        ["birth_date"] = birthDate,
        ["document_number"] = "11-22-333333-44",
        ["issue_date"] = "2026-01-02",
        ["expiry_date"] = "2036-01-01",
        ["issuing_country"] = "KR",
        ["driving_privileges"] = new JsonArray(new JsonObject { ["vehicle_category_code"] = "B", ["issue_date"] = "2010-01-01" }),
    };

    internal static JsonObject Resident() => new()
    {
        ["family_name"] = FamilyName,
        ["given_name"] = "길동",
        ["birth_date"] = "1990-02-03",
        ["certificate_number"] = "C-1",
        ["issue_date"] = "2026-11-01",
        ["address"] = new JsonObject { ["region"] = "서울특별시", ["city"] = "종로구", ["street"] = "세종대로 1", ["postal_code"] = "03000" },
        ["household_members"] = new JsonArray(
            new JsonObject { ["name"] = "홍부인", ["relationship"] = "배우자", ["birth_date"] = "1991-01-01" },
            new JsonObject { ["name"] = "홍자녀", ["relationship"] = "자녀", ["birth_date"] = "2020-01-01" }),
    };

    /// <summary>What a licence must have as mdoc and need not have as SD-JWT.</summary>
    internal static JsonObject MdocLicence()
    {
        var licence = Licence();
        licence["issuing_authority"] = "경찰청";
        licence["portrait"] = Portrait;
        return licence;
    }

    internal static JsonObject PhotoId() => new()
    {
        ["family_name"] = FamilyName,
        ["given_name"] = "길동",
        ["birth_date"] = "1990-02-03",
        ["portrait"] = Portrait,
        ["issue_date"] = "2026-01-02",
        ["expiry_date"] = "2036-01-01",
        ["issuing_authority"] = "행정안전부",
        ["issuing_country"] = "KR",
        ["person_id"] = "P-1",
    };

    internal static JsonObject Employee() => new()
    {
        ["family_name"] = FamilyName,
        ["given_name"] = "길동",
        ["employee_number"] = "E-1",
        ["agency"] = "행정안전부",
        ["issue_date"] = "2026-01-02",
        ["expiry_date"] = "2036-01-01",
    };

    internal static JsonObject Degree() => new()
    {
        ["familyName"] = FamilyName,
        ["givenName"] = "길동",
        ["birthDate"] = "1990-02-03",
        ["university"] = "한국대학교",
        ["degree"] = "이학사",
        ["fieldOfStudy"] = "물리학",
        ["graduationYear"] = 2026,
        ["certificateNumber"] = "D-1",
    };

    internal static JsonObject Employment() => new()
    {
        ["familyName"] = FamilyName,
        ["givenName"] = "길동",
        ["employer"] = "한국회사",
        ["position"] = "과장",
        ["employedFrom"] = "2020-03-02",
        ["certificateNumber"] = "W-1",
        ["issueDate"] = "2026-11-01",
    };

    internal static JsonObject For(string id) => id switch
    {
        "mdl_sd_jwt" => Licence(),
        "mdl_mdoc" => MdocLicence(),
        "photoid_mdoc" => PhotoId(),
        "employee_mdoc" => Employee(),
        "university_degree" => Degree(),
        "employment" => Employment(),
        _ => Resident(),
    };

    internal static JsonObject OfferBody(bool txCode, string? subject, params string[] ids)
    {
        var claims = new JsonObject();
        foreach (var id in ids)
            claims[id] = For(id);
        var body = new JsonObject
        {
            ["credential_configuration_ids"] = new JsonArray([.. ids.Select(id => (JsonNode)JsonValue.Create(id))]),
            ["claims"] = claims,
            ["tx_code"] = txCode,
        };
        if (subject is not null)
            body["subject"] = subject;
        return body;
    }
}
