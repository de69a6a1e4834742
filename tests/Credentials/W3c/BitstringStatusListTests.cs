using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.StatusLists;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Bitstring Status List §2 and §3: bits, entries, and the credential around a list.</summary>
public class BitstringStatusListTests
{
    [Fact]
    public void A_list_equals_an_array_for_every_size()
    {
        for (var size = 1; size <= BitstringStatusList.MaxStatusSize; size++)
        {
            var list = BitstringStatusList.Create(size);
            var array = new uint[list.Size];
            var state = (ulong)size;
            for (var i = 0; i < 20_000; i++)
            {
                var (index, value) = ((int)(Next(ref state) % (ulong)array.Length), (uint)(Next(ref state) >> 16) & list.MaxValue);
                array[index] = list[index] = value;
            }

            (array[0], array[^1]) = (list[0], list[list.Size - 1]) = (list.MaxValue, list.MaxValue);
            AssertSame(array, list);
            AssertSame(array, BitstringStatusList.Parse(list.Encode(), size));
            AssertSame(array, BitstringStatusList.FromBytes(size, list.Bytes));
        }
    }

    // xorshift64: the same numbers in every run
    private static ulong Next(ref ulong state)
    {
        state ^= state << 13;
        state ^= state >> 7;
        return state ^= state << 17;
    }

    private static void AssertSame(uint[] array, BitstringStatusList list)
    {
        Assert.Equal(array.Length, list.Size);
        for (var i = 0; i < array.Length; i++)
            if (array[i] != list[i]) Assert.Fail($"{list.StatusSize} bits, index {i}: {array[i]} is {list[i]}");
    }

    [Fact]
    public void The_first_index_is_the_left_most_bit_and_the_left_most_bit_counts_most()
    {
        var ones = BitstringStatusList.Create(1);
        (ones[0], ones[7], ones[8], ones[15]) = (1, 1, 1, 0);
        Assert.Equal([0b1000_0001, 0b1000_0000], ones.Bytes[..2].ToArray());

        var threes = BitstringStatusList.Create(3);
        (threes[0], threes[1], threes[2]) = (0b110, 0b001, 0b101);
        Assert.Equal([0b1100_0110, 0b1000_0000], threes.Bytes[..2].ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_a_mistake_of_the_caller()
    {
        var list = BitstringStatusList.Create(2);
        Assert.Equal(BitstringStatusList.MinSize, list.Size);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[0] = 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[list.Size]);
        Assert.Throws<ArgumentOutOfRangeException>(() => BitstringStatusList.Create(1, BitstringStatusList.MinSize - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BitstringStatusList.Create(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BitstringStatusList.Create(33));
        Assert.Throws<ArgumentOutOfRangeException>(() => BitstringStatusList.Create(1, BitstringStatusList.MaxBytes * 8 + 1));
        Assert.Equal(BitstringStatusList.MaxBytes * 8, BitstringStatusList.Create(1, BitstringStatusList.MaxBytes * 8).Size);
    }

    [Theory]
    [Trait("Row", "BSL-01")]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("H4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")] // no multibase letter
    [InlineData("zH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")]
    [InlineData("UH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")]
    [InlineData("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAA")] // cut short
    [InlineData("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAAAA")] // a byte more
    [InlineData("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAB")] // another length
    [InlineData("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKoAQAAA")] // another checksum
    [InlineData("uH4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")] // the other alphabet
    [InlineData("ueNrtwQENAAAAwqD3T20ON6AAAAAAAAAAAL4NIQAAAQ")] // ZLIB, as a token status list has it
    public void An_encoded_list_in_another_form_is_refused(string encoded)
    {
        Assert.Equal(StatusListCodes.ListMalformed, Code(() => BitstringStatusList.Parse(encoded, 1)));
        var published = BitstringStatusList.Parse("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA", 1);
        Assert.Equal(BitstringStatusList.MinSize, published.Size);
        Assert.True(published.Bytes.IndexOfAnyExcept((byte)0) < 0);
    }

    [Theory]
    [Trait("Row", "BSL-01")]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1 << 26, false)]
    public void A_list_is_inflated_to_16_MiB_and_no_further(int over, bool isRead)
    {
        var encoded = Multibase.EncodeBase64Url(StrictGZip.Compress(new byte[BitstringStatusList.MaxBytes + over]));
        if (isRead) Assert.Equal(BitstringStatusList.MaxBytes * 8, BitstringStatusList.Parse(encoded, 1).Size);
        else Assert.Equal(StatusListCodes.ListMalformed, Code(() => BitstringStatusList.Parse(encoded, 1)));
    }

    private static JsonObject Entry(Action<JsonObject>? change = null)
    {
        var entry = new JsonObject
        {
            ["id"] = "https://university.example/status/3#94567",
            ["type"] = "BitstringStatusListEntry",
            ["statusPurpose"] = "revocation",
            ["statusListIndex"] = "94567",
            ["statusListCredential"] = "https://university.example/status/3",
        };
        change?.Invoke(entry);
        return entry;
    }

    private static string Refusal(Action<JsonObject> change)
    {
        BitstringStatusListEntry.Parse(Element(Entry()));
        return Code(() => BitstringStatusListEntry.Parse(Element(Entry(change))));
    }

    private static JsonArray Messages(params string[] statuses) =>
        new([.. statuses.Select(status => (JsonNode)new JsonObject { ["status"] = status, ["message"] = "message " + status })]);

    [Theory]
    [Trait("Row", "BSL-04")]
    [InlineData("\"0\"", 0, true)]
    [InlineData("\"94567\"", 94567, true)]
    [InlineData("\"2147483648\"", null, true)] // an arbitrary size integer: outside every list of ours
    [InlineData("\"99999999999999999999999999\"", null, true)]
    [InlineData("94567", null, false)]
    [InlineData("\"\"", null, false)]
    [InlineData("\"-1\"", null, false)]
    [InlineData("\"+1\"", null, false)]
    [InlineData("\" 1\"", null, false)]
    [InlineData("\"1e3\"", null, false)]
    [InlineData("\"0x10\"", null, false)]
    [InlineData("\"1.0\"", null, false)]
    [InlineData("\"01\"", null, false)]
    [InlineData("\"abc\"", null, false)]
    [InlineData("\"NaN\"", null, false)]
    [InlineData("\"１\"", null, false)]
    [InlineData("null", null, false)]
    [InlineData("""["1"]""", null, false)]
    public void An_index_is_a_string_of_digits(string json, int? index, bool isAccepted)
    {
        void Change(JsonObject entry) => entry["statusListIndex"] = StrictJson.ToNode(StrictJson.Parse(json));
        if (isAccepted) Assert.Equal(index, BitstringStatusListEntry.Parse(Element(Entry(Change))).Index);
        else Assert.Equal(StatusListCodes.MalformedReference, Refusal(Change));
        Assert.Equal(StatusListCodes.MalformedReference, Refusal(entry => entry.Remove("statusListIndex")));
    }

    [Theory]
    [Trait("Row", "BSL-06")]
    [InlineData("1", null, true)]
    [InlineData("1", "0x0 0x1", true)]
    [InlineData("2", "0x0 0x1 0x2 0x3", true)]
    [InlineData("2", "0x3 0x1 0x2 0x0", true)]
    [InlineData(null, "0x0 0x1", true)]
    [InlineData("2", null, false)]
    [InlineData("2", "0x0 0x1 0x2", false)]
    [InlineData("2", "0x0 0x1 0x2 0x2", false)]
    [InlineData("2", "0x0 0x1 0x2 0x4", false)]
    [InlineData("2", "0 1 2 3", false)]
    [InlineData("2", "0x0 0x1 0x2 0xg", false)]
    [InlineData("2", "0x0 0x1 0x2 0x-1", false)]
    [InlineData("1", "0x0", false)]
    [InlineData("0", null, false)]
    [InlineData("33", null, false)]
    [InlineData("32", "0x0 0x1", false)]
    [InlineData("-1", null, false)]
    [InlineData("1.5", null, false)]
    [InlineData("\"2\"", "0x0 0x1 0x2 0x3", false)]
    [InlineData("null", null, false)]
    public void A_status_of_several_bits_has_a_message_for_each_value(string? size, string? statuses, bool isAccepted)
    {
        void Change(JsonObject entry)
        {
            if (size is not null) entry["statusSize"] = StrictJson.ToNode(StrictJson.Parse(size));
            if (statuses is not null) entry["statusMessage"] = Messages(statuses.Split(' '));
        }

        if (!isAccepted)
        {
            Assert.Equal(StatusListCodes.MalformedReference, Refusal(Change));
            return;
        }

        var entry = BitstringStatusListEntry.Parse(Element(Entry(Change)));
        Assert.Equal(statuses is null ? 0 : 1 << entry.StatusSize, entry.Messages.Count);
        Assert.All(entry.Messages, message => Assert.Equal($"message 0x{message.Key:x}", message.Value));
        var again = BitstringStatusListEntry.Parse(Element(entry.ToJson()));
        Assert.Equal((entry.Purpose, entry.Index, entry.StatusListCredential, entry.StatusSize), (again.Purpose, again.Index, again.StatusListCredential, again.StatusSize));
        Assert.Equal(entry.Messages.OrderBy(message => message.Key), again.Messages.OrderBy(message => message.Key));
    }

    [Fact]
    public void The_rest_of_an_entry_follows_section_2_1()
    {
        const string Malformed = StatusListCodes.MalformedReference;
        Assert.Equal(Malformed, Refusal(entry => entry["type"] = "StatusList2021Entry"));
        Assert.Equal(Malformed, Refusal(entry => entry.Remove("statusPurpose")));
        Assert.Equal(Malformed, Refusal(entry => entry["statusPurpose"] = new JsonArray("revocation")));
        Assert.Equal(Malformed, Refusal(entry => entry["statusPurpose"] = ""));
        Assert.Equal(Malformed, Refusal(entry => entry["statusListCredential"] = "status/3"));
        Assert.Equal(Malformed, Refusal(entry => entry.Remove("statusListCredential")));
        // The id of an entry is not that of the list.
        Assert.Equal(Malformed, Refusal(entry => entry["id"] = "https://university.example/status/3"));
        Assert.Equal(Malformed, Refusal(entry => entry["statusReference"] = "no url"));
        Assert.Equal(Malformed, Refusal(entry => entry["statusReference"] = new JsonArray("https://university.example/meaning", 1)));
        Assert.Equal(Malformed, Refusal(entry => entry["statusMessage"] = "none"));
        Assert.Equal(Malformed, Refusal(entry => entry["statusMessage"] = new JsonArray(1, 2)));

        var entry = BitstringStatusListEntry.Parse(Element(Entry(e => (e["statusPurpose"], e["statusReference"]) = ("of our own", "https://university.example/meaning"))));
        Assert.Equal(("of our own", "https://university.example/meaning"), (entry.Purpose, Assert.Single(entry.References)));
        Assert.Throws<InvalidOperationException>(() => (entry with { Index = null }).ToJson());
    }

    [Fact]
    public async Task A_list_is_published_as_a_credential()
    {
        var list = BitstringStatusList.Create(1);
        list[94567] = 1;
        var content = new BitstringStatusListContent
        {
            Id = "https://university.example/status/3",
            Issuer = Issuer,
            Purposes = [StatusPurposes.Revocation, StatusPurposes.Suspension],
            List = list,
            ValidFrom = Now,
            ValidUntil = Now.AddDays(1),
            TimeToLive = TimeSpan.FromMinutes(5),
        };
        var claims = await ClaimsAsync(await IssueAsync(content.ToCredential()), Expected with { Types = [W3cNames.StatusListCredentialType] });

        var subject = claims.GetProperty("credentialSubject");
        Assert.Equal("BitstringStatusList", subject.GetProperty("type").GetString());
        Assert.Equal(300_000, subject.GetProperty("ttl").GetInt32());
        Assert.Equal(2, subject.GetProperty("statusPurpose").GetArrayLength());
        var read = BitstringStatusList.Parse(subject.GetProperty("encodedList").GetString()!, 1);
        Assert.Equal(SHA256.HashData(list.Bytes), SHA256.HashData(read.Bytes));
        Assert.Throws<InvalidOperationException>(() => (content with { Purposes = [] }).ToCredential());
    }
}
