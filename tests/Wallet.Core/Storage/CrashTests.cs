namespace Credentials.Wallet.Core.Tests.Storage;

/// <summary>The wallet file under a process that is killed while it writes.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10;

    private readonly StoreFixture _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    [Trait("Row", "WAL-05")]
    public async Task A_killed_writer_leaves_whole_batches_only()
    {
        await using (await _file.OpenAsync())
        {
        }
        for (var kill = 0; kill < Kills; kill++)
        {
            using (var writer = await CrashWriter.StartAsync(_file.Path, TestContext.Current.CancellationToken))
            {
                await Task.Delay(30 * kill, TestContext.Current.CancellationToken);
                writer.Kill();
                await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            await using var store = await _file.OpenAsync();
            var batches = (await StoreFixture.ListAsync(store)).GroupBy(record => record.Id.Split('-')[0]).ToList();
            Assert.All(batches, batch => Assert.Equal(CrashWriter.BatchSize, batch.Count()));
            Assert.True(kill + 1 < Kills || batches.Count > 0, "Every writer was killed before it wrote anything; this would prove nothing.");
        }
    }

    [Fact]
    [Trait("Row", "WAL-07")]
    public async Task A_wallet_that_another_process_has_open_is_refused_and_free_again_when_that_process_ends()
    {
        await using (await _file.OpenAsync())
        {
        }
        using (var writer = await CrashWriter.StartAsync(_file.Path, TestContext.Current.CancellationToken))
        {
            var error = await Assert.ThrowsAsync<KeyUnavailableException>(() => _file.OpenAsync());
            Assert.Equal(WalletCodes.StoreInUse, error.Code);
            writer.Kill();
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using var store = await _file.OpenAsync();
    }
}
