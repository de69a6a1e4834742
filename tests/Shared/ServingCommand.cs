using System.Text;
using System.Text.Json;

namespace Credentials.Tests.Shared;

/// <summary>A command that serves and has said that it does. Dispose it to stop it in order.</summary>
public sealed class ServingCommand : IAsyncDisposable
{
    private readonly Func<ValueTask> _stop;

    private ServingCommand(string ready, Func<ValueTask> stop)
    {
        _stop = stop;
        Ready = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(ready)!.ToDictionary(member => member.Key, member => member.Value.ToString());
    }

    /// <summary>The members of its first line, which is JSON.</summary>
    public IReadOnlyDictionary<string, string> Ready { get; }

    /// <summary>One in a process of its own.</summary>
    internal static async Task<ServingCommand> OfAsync(RunningScript process)
    {
        try
        {
            return new ServingCommand(await process.ReadLineAsync(TestContext.Current.CancellationToken), process.DisposeAsync);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>One inside this process.</summary>
    /// <param name="run">Runs it with these standard streams until it is cancelled.</param>
    internal static async Task<ServingCommand> InsideAsync(Func<Stream, TextWriter, TextWriter, CancellationToken, Task<int>> run)
    {
        var (output, error, stop) = (new FirstLine(), new StringWriter(), new CancellationTokenSource());
        var end = Task.Run(() => run(Stream.Null, output, TextWriter.Synchronized(error), stop.Token));
        if (await Task.WhenAny(output.Task, end) == end)
            Assert.Fail($"The command ended with {await end}.\n{error}");
        return new ServingCommand(await output.Task, async () =>
        {
            await stop.CancelAsync();
            await end;
            stop.Dispose();
        });
    }

    public ValueTask DisposeAsync() => _stop();

    /// <summary>Keeps the first line and lets the others go.</summary>
    private sealed class FirstLine : TextWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _text = new();

        public Task<string> Task => _line.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_text)
            {
                if (value == '\n') _line.TrySetResult(_text.ToString());
                else if (!_line.Task.IsCompleted) _text.Append(value);
            }
        }
    }
}
