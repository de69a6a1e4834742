using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Credentials.Tests.Shared;

/// <summary>A serving program whose standard output is read line by line; its standard error is kept for messages.</summary>
public sealed class RunningScript : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Channel<string> _newErrors = Channel.CreateUnbounded<string>();

    public RunningScript(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            _errors.Enqueue(line.Data ?? "");
            if (line.Data is null) _newErrors.Writer.TryComplete();
            else _newErrors.Writer.TryWrite(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Errors => string.Join('\n', _errors);

    /// <summary>The next line of standard output; fails when the program ended instead.</summary>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken = default)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        Assert.True(line is not null, $"The program ended.\n{Errors}");
        return line;
    }

    /// <summary>The rest of standard output.</summary>
    public Task<string> ReadToEndAsync(CancellationToken cancellationToken = default) => _process.StandardOutput.ReadToEndAsync(cancellationToken);

    /// <summary>The next line of standard error that fits; fails when the program ended without it.</summary>
    public async Task<string> WaitForErrorAsync(Func<string, bool> fits, CancellationToken cancellationToken = default)
    {
        await foreach (var line in _newErrors.Reader.ReadAllAsync(cancellationToken))
        {
            if (fits(line)) return line;
        }
        throw new InvalidOperationException($"The program ended.\n{Errors}");
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
