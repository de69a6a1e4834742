using System.Text;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

/// <summary>Private keys at rest.</summary>
public class KeyFileTests
{
    [Fact]
    public async Task With_a_passphrase_no_private_file_can_be_read_and_the_same_keys_come_back()
    {
        using var folder = new TempFolder();
        string trust;
        // First without: a folder may be older than its passphrase.
        await using (var issuer = await RunningIssuer.StartAsync(folder.FullPath))
            trust = issuer.TrustPem;
        Assert.Contains(Private(folder), bytes => Encoding.Latin1.GetString(bytes).Contains("PRIVATE KEY", StringComparison.Ordinal));
        folder.Write("passphrase", "correct horse battery\nsecond line\n");
        await using (var issuer = await RunningIssuer.StartAsync(folder.FullPath, publicUrl: await UrlAsync(folder), configure: o => o.KeyPassphraseFile = folder.Combine("passphrase")))
        {
            Assert.Equal(trust, issuer.TrustPem);

        }

        // The root's key, which only makes certificates, is closed too.
        Assert.All(Private(folder), bytes => Assert.True(PrivateFiles.IsClosed(bytes)));
        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath));
        folder.Write("passphrase", "another horse battery\n");
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.KeyPassphraseFile = folder.Combine("passphrase")));
        Assert.Contains("passphrase", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_file_opens_under_its_own_name_and_whole_only()
    {
        using var folder = new TempFolder();
        var files = new PrivateFiles("correct horse battery");
        files.Write(folder.Combine("one"), "secret");
        Assert.Equal("secret", files.ReadText(folder.Combine("one")));
        File.Copy(folder.Combine("one"), folder.Combine("two"));
        Assert.Throws<IssuerStartException>(() => files.Read(folder.Combine("two")));
        var bytes = File.ReadAllBytes(folder.Combine("one"));
        File.WriteAllBytes(folder.Combine("one"), bytes[..30]);
        Assert.Throws<IssuerStartException>(() => files.Read(folder.Combine("one")));
        bytes[^1] ^= 1;
        File.WriteAllBytes(folder.Combine("one"), bytes);
        Assert.Throws<IssuerStartException>(() => files.Read(folder.Combine("one")));
    }

    private static IEnumerable<byte[]> Private(TempFolder folder) => Directory.GetFiles(folder.Combine("keys"))
        .Where(file => file.EndsWith(".key.pem", StringComparison.Ordinal) || file.EndsWith("secret.bin", StringComparison.Ordinal)).Select(File.ReadAllBytes);

    private static async Task<string> UrlAsync(TempFolder folder)
    {
        await using var db = await Storage.ExistingDatabase.OpenAsync(folder.FullPath, null, RunningIssuer.Ct);
        return db.Installations.Single().PublicUrl;
    }
}
