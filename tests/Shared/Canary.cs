using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Credentials.Tests.Shared;

/// <summary>
/// Captures everything that is logged, at every level, so that a test can show that a secret or a claim value is not in it.
/// Add it with <c>logging.AddProvider(canary)</c> and <c>SetMinimumLevel(LogLevel.Trace)</c>.
/// </summary>
public sealed class Canary : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Fails when nothing was logged at all (then it would prove nothing) or when one of the values occurs.</summary>
    public void AssertLoggedNoneOf(params string[] secrets)
    {
        Assert.NotEmpty(_lines);
        foreach (var secret in secrets)
        {
            Assert.NotEqual("", secret);
            foreach (var line in _lines)
                Assert.DoesNotContain(secret, line, StringComparison.Ordinal);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(Canary canary, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => canary._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var parts = new List<string> { logLevel.ToString(), category, formatter(state, exception), exception?.ToString() ?? "" };
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                parts.AddRange(values.Select(value => $"{value.Key}={value.Value}"));
            canary._scopes.ForEachScope((scope, list) => list.Add(DescribeScope(scope)), parts);
            canary._lines.Enqueue(string.Join(' ', parts));
        }

        private static string DescribeScope(object? scope) => scope is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}"))
            : scope?.ToString() ?? "";
    }
}
