using System.Text;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.QrDocuments;
using Credentials.Tests.Shared;
using FsCheck.Xunit;

namespace Credentials.Tests.QrDocuments;

/// <summary>What a scanner may bring: texts that are no document, and documents that were tampered with.</summary>
public sealed class HostileTextTests : IDisposable
{
    private readonly QrAgency _agency = new(new TestClock().Now);

    public void Dispose() => _agency.Dispose();

    private Task<VerificationReport> VerifyAsync(string text) => QrAgency.VerifyAsync(text, _agency.Expectations);

    private async Task<string?> FormatFaultAsync(string text)
    {
        var (check, code) = QrAgency.Fault(await VerifyAsync(text));
        Assert.Equal(QrDocumentChecks.Format, check);
        return code;
    }

    [Theory]
    [Trait("Row", "QRC-01")]
    [InlineData("", QrDocumentCodes.Prefix)]
    [InlineData("HC1", QrDocumentCodes.Prefix)]
    [InlineData("HC1:", QrDocumentCodes.Compression)]
    [InlineData("hc1:NCF", QrDocumentCodes.Prefix)]
    [InlineData(" HC1:NCF", QrDocumentCodes.Prefix)]
    [InlineData("HC2:NCF", QrDocumentCodes.Prefix)]
    [InlineData("QD2:NCF", QrDocumentCodes.Prefix)]
    [InlineData("openid4vp://?request_uri=javascript:alert(1)", QrDocumentCodes.Prefix)]
    [InlineData("HC1:\0NCF", QrDocumentCodes.Encoding)]
    [InlineData("HC1:NCF\u202e", QrDocumentCodes.Encoding)]
    [InlineData("HC1:ncf", QrDocumentCodes.Encoding)]
    [InlineData("HC1:A", QrDocumentCodes.Encoding)]
    [InlineData("HC1::::", QrDocumentCodes.Encoding)]
    [InlineData("HC1:NCF", QrDocumentCodes.Compression)]
    [InlineData("QD1:openid4vp://x", QrDocumentCodes.Encoding)]
    public async Task A_text_that_is_no_document_is_refused_for_what_it_is(string text, string code) => Assert.Equal(code, await FormatFaultAsync(text));

    [Property(MaxTest = 500)]
    [Trait("Row", "QRC-01")]
    public async Task Random_texts_give_a_report(string? text, byte[] bytes)
    {
        Assert.False((await VerifyAsync(text ?? "")).IsAccepted);
        foreach (var prefix in new[] { QrDocumentNames.HcertPrefix, QrDocumentNames.QrCwtPrefix })
        {
            Assert.False((await VerifyAsync(prefix + text)).IsAccepted);
            Assert.False((await VerifyAsync(prefix + StrictBase45.Encode(bytes))).IsAccepted);
            Assert.False((await VerifyAsync(QrDocumentText.Encode(prefix, bytes))).IsAccepted);
        }
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public async Task A_text_is_read_up_to_four_kilobytes()
    {
        // Stored blocks, so that the length of the text follows that of the message.
        Assert.Equal(QrDocumentCodes.Malformed, await FormatFaultAsync(OfLength(QrDocumentText.MaxLength - 1)));
        Assert.Equal(QrDocumentCodes.Malformed, await FormatFaultAsync(OfLength(QrDocumentText.MaxLength)));
        Assert.Equal(QrDocumentCodes.Encoding, await FormatFaultAsync(OfLength(QrDocumentText.MaxLength + 2)));
    }

    [Theory]
    [Trait("Row", "QRC-01")]
    [InlineData(QrDocumentText.MaxMessageBytes - 1, QrDocumentCodes.Malformed)]
    [InlineData(QrDocumentText.MaxMessageBytes, QrDocumentCodes.Malformed)]
    [InlineData(QrDocumentText.MaxMessageBytes + 1, QrDocumentCodes.Compression)]
    [InlineData(2_000_000, QrDocumentCodes.Compression)]
    public async Task A_text_unpacks_to_sixteen_kilobytes_at_most(int bytes, string code)
    {
        var text = QrDocumentText.Encode(QrDocumentNames.HcertPrefix, new byte[bytes]);
        Assert.InRange(text.Length, 1, QrDocumentText.MaxLength);
        Assert.Equal(code, await FormatFaultAsync(text));
    }

    [Fact]
    public async Task Compression_that_is_cut_off_trailed_or_missing_is_refused()
    {
        var text = await _agency.IssueHcertAsync();
        var packed = StrictBase45.Decode(text.AsSpan(QrDocumentNames.HcertPrefix.Length));
        var message = QrDocumentText.Decode(text);
        QrAgency.Claims(await VerifyAsync(Text(packed)));
        foreach (var wrong in new[] { packed[..^1], [.. packed, 0], packed[..^4], packed[2..], message, [] })
            Assert.Equal(QrDocumentCodes.Compression, await FormatFaultAsync(Text(wrong)));

        static string Text(byte[] bytes) => QrDocumentNames.HcertPrefix + StrictBase45.Encode(bytes);
    }

    // Unused bits at the end of the compressed data change nothing of what it says, so that not every text with one change is another document.
    [Fact]
    public async Task A_text_with_one_character_changed_is_refused_or_says_the_same()
    {
        foreach (var text in new[] { await _agency.IssueHcertAsync(), await _agency.IssueAsync() })
        {
            var message = QrDocumentText.Decode(text);
            for (var i = 0; i < text.Length; i++)
            {
                var changed = new StringBuilder(text) { [i] = text[i] == 'A' ? 'B' : 'A' }.ToString();
                var report = await VerifyAsync(changed);
                Assert.True(!report.IsAccepted || QrDocumentText.Decode(changed).AsSpan().SequenceEqual(message), $"character {i}");
            }
        }
    }

    [Fact]
    public async Task A_document_of_ours_without_what_it_must_have_is_refused()
    {
        var good = await _agency.SignAsync(QrDocumentNames.QrCwtPrefix, Claims(null), [_agency.KeyId, CoseHeader.Type(QrDocumentNames.QrCwtMediaType)]);
        QrAgency.Claims(await VerifyAsync(good));
        foreach (var (payload, type) in new (byte[], CoseHeader?)[]
        {
            (Claims(QrDocumentNames.Type), CoseHeader.Type(QrDocumentNames.QrCwtMediaType)),
            (Claims(QrDocumentNames.Content), CoseHeader.Type(QrDocumentNames.QrCwtMediaType)),
            (Claims(null, type: ""), CoseHeader.Type(QrDocumentNames.QrCwtMediaType)),
            (Claims(null), null),
            (Claims(null), CoseHeader.Type("application/statuslist+cwt")),
        })
            Assert.Equal(QrDocumentCodes.Malformed, await FormatFaultAsync(await _agency.SignAsync(QrDocumentNames.QrCwtPrefix, payload, type is { } header ? [_agency.KeyId, header] : [_agency.KeyId])));

        Assert.Equal(
            (QrDocumentChecks.Validity, QrDocumentCodes.ValidityMissing),
            QrAgency.Fault(await VerifyAsync(await _agency.SignAsync(QrDocumentNames.QrCwtPrefix, Claims(CwtNames.ExpiresAt), [_agency.KeyId, CoseHeader.Type(QrDocumentNames.QrCwtMediaType)]))));
        Assert.Equal(
            (QrDocumentChecks.IssuerKey, QrDocumentCodes.SignerMissing),
            QrAgency.Fault(await VerifyAsync(await _agency.SignAsync(QrDocumentNames.QrCwtPrefix, Claims(null), [CoseHeader.Type(QrDocumentNames.QrCwtMediaType)]))));
    }

    [Theory]
    [InlineData("a1616101", true)] // {"a": 1}
    [InlineData("a10102", false)] // {1: 2}
    [InlineData("8101", false)] // [1]
    [InlineData("a1616101ff", false)]
    [InlineData("a2616101616102", false)] // {"a": 1, "a": 2}
    [InlineData("a16161a201026131f5", false)] // {"a": {1: 2, "1": true}}
    public async Task What_a_document_of_ours_says_is_a_map_with_text_keys(string content, bool isAccepted)
    {
        var text = await _agency.SignAsync(
            QrDocumentNames.QrCwtPrefix, Claims(null, content: content), [_agency.KeyId, CoseHeader.Type(QrDocumentNames.QrCwtMediaType)]);
        if (isAccepted) QrAgency.Claims(await VerifyAsync(text));
        else Assert.Contains(await FormatFaultAsync(text), new[] { QrDocumentCodes.Content, QrDocumentCodes.Malformed });
    }

    /// <summary>The claims set of a document of ours, without one of them.</summary>
    private byte[] Claims(long? without, string type = QrAgency.Type, string content = "a1616101")
    {
        List<(long Key, string Hex)> claims =
        [
            (CwtNames.ExpiresAt, $"1a{_agency.Now.AddDays(1).ToUnixTimeSeconds():x8}"),
            (CwtNames.IssuedAt, $"1a{_agency.Now.ToUnixTimeSeconds():x8}"),
            (QrDocumentNames.Type, Convert.ToHexString(CborWriting.Encode(writer => writer.WriteTextString(type)))),
            (QrDocumentNames.Content, content),
        ];
        claims.RemoveAll(claim => claim.Key == without);
        return [.. new byte[] { (byte)(0xa0 + claims.Count) }, .. claims.SelectMany(claim => CborWriting.Encode(writer => writer.WriteInt64(claim.Key)).Concat(Convert.FromHexString(claim.Hex)))];
    }

    /// <summary>A text of this length whose Base45 is one ZLIB stream of stored bytes.</summary>
    private static string OfLength(int length)
    {
        var packed = (length - QrDocumentNames.HcertPrefix.Length) / 3 * 2 + (length - QrDocumentNames.HcertPrefix.Length) % 3 / 2;
        var data = new byte[packed - 11];
        // RFC 1950 §2.2 and RFC 1951 §3.2.4: header, one final stored block, Adler-32 of zeros.
        byte[] zlib =
        [
            0x78, 0x01, 1, (byte)data.Length, (byte)(data.Length >> 8), (byte)~data.Length, (byte)(~data.Length >> 8), .. data,
            (byte)(data.Length >> 8), (byte)data.Length, 0, 1,
        ];
        var text = QrDocumentNames.HcertPrefix + StrictBase45.Encode(zlib);
        Assert.Equal(length, text.Length);
        return text;
    }
}
