using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Demo;

/// <summary>The invented person of the demo.</summary>
internal static class DemoPerson
{
    internal static JsonObject Licence(DateTimeOffset now) => new()
    {
        ["family_name"] = "홍",
        ["given_name"] = "길동",
        ["birth_date"] = "1990-03-01",
        ["document_number"] = "11-22-333333-44",
        ["issue_date"] = Date(now.AddYears(-2)),
        ["expiry_date"] = Date(now.AddYears(8)),
        ["issuing_country"] = "KR",
        ["issuing_authority"] = "Demo Police Agency",
        ["portrait"] = Portrait(),
        ["driving_privileges"] = new JsonArray(new JsonObject
        {
            ["vehicle_category_code"] = "B",
            ["issue_date"] = Date(now.AddYears(-2)),
            ["expiry_date"] = Date(now.AddYears(8)),
        }),
        ["resident_address"] = "서울특별시 종로구 세종대로 1",
    };

    internal static JsonObject Resident(DateTimeOffset now) => new()
    {
        ["family_name"] = "홍",
        ["given_name"] = "길동",
        ["birth_date"] = "1990-03-01",
        ["certificate_number"] = "DEMO-0001",
        ["issue_date"] = Date(now),
        ["address"] = new JsonObject
        {
            ["region"] = "서울특별시",
            ["city"] = "종로구",
            ["street"] = "세종대로 1",
            ["detail"] = "101호",
            ["postal_code"] = "03154",
        },
        ["head_of_household"] = "홍판서",
        ["household_members"] = new JsonArray(
            new JsonObject { ["name"] = "홍판서", ["relationship"] = "부", ["birth_date"] = "1960-01-01" },
            new JsonObject { ["name"] = "홍길동", ["relationship"] = "본인", ["birth_date"] = "1990-03-01" }),
    };

    /// <summary>A drawn face, as the <c>data:</c> URI that an agency gives.</summary>
    private static string Portrait()
    {
        using var stream = typeof(DemoPerson).Assembly.GetManifestResourceStream("Demo/portrait.jpg")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return "data:image/jpeg;base64," + StrictBase64.Encode(bytes.ToArray());
    }

    private static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
