using System.Collections.Concurrent;
using System.Diagnostics;

namespace Credentials.Keys.Pkcs11;

/// <summary>
/// The threads that call the module, each with a session. A call into a module cannot be broken off: one that hangs holds its thread, never
/// one of the thread pool, and callers leave when their time is over. So neither threads nor waiting requests grow without limit.
/// </summary>
internal sealed class TokenWorkers : IDisposable
{
    private const int MaxWaiting = 4096;

    private static readonly TimeSpan s_lastWait = TimeSpan.FromSeconds(2);

    private readonly Pkcs11Options _options;
    private readonly TokenPin _pin;
    private readonly Action? _before;
    private readonly BlockingCollection<IRequest> _waiting = new(MaxWaiting);
    private readonly Lock _gate = new();
    private readonly List<Thread> _threads = [];
    private int _unfinished;
    private long _hungAt;

    internal TokenWorkers(Pkcs11Options options, Action? before) => (_options, _pin, _before) = (options, new TokenPin(options.Pin), before);

    private interface IRequest
    {
        bool IsGivenUp { get; }

        void Begin();

        void Run(CryptokiSession session);

        void Fail(Exception e);
    }

    /// <summary>Does something in a session. It may be done twice, when the first session turns out to be over.</summary>
    /// <param name="work">Gets the session, and a function that says whether the caller has left.</param>
    /// <param name="ct">Lets the caller leave.</param>
    /// <exception cref="KeyUnavailableException"><c>key.token_timeout</c>, or what the token answered.</exception>
    internal async Task<T> RunAsync<T>(Func<CryptokiSession, Func<bool>, T> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var request = new Request<T>(work);
        Add(request);
        try
        {
            return await request.Task.WaitAsync(_options.Timeout, ct).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            if (request.IsBegun && !request.Task.IsCompleted) Volatile.Write(ref _hungAt, Stopwatch.GetTimestamp());
            throw new KeyUnavailableException(KeyCodes.TokenTimeout, "The token did not answer in time.", e);
        }
        finally
        {
            request.GiveUp();
        }
    }

    /// <summary>
    /// Ends the threads, and waits a moment for them: a process that ends takes the module apart, and who is in it then falls with it. A call that hangs is left behind.
    /// </summary>
    public void Dispose()
    {
        lock (_gate) _waiting.CompleteAdding();
        while (_waiting.TryTake(out var request)) request.Fail(Gone());
        var began = Stopwatch.GetTimestamp();
        foreach (var thread in _threads)
            if (s_lastWait - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero) thread.Join(left);
    }

    private static KeyUnavailableException Gone() => new(KeyCodes.TokenUnavailable, "The token is not in use any more.");

    private void Add(IRequest request)
    {
        lock (_gate)
        {
            if (_waiting.IsAddingCompleted) throw Gone();
            if (_hungAt != 0)
            {
                // While it hangs, one request at a time finds out whether it still does; the others need not wait for that.
                if (Stopwatch.GetElapsedTime(_hungAt) < _options.Timeout) throw new KeyUnavailableException(KeyCodes.TokenTimeout, "The token hangs.");
                _hungAt = Stopwatch.GetTimestamp();
            }

            if (!_waiting.TryAdd(request)) throw new KeyUnavailableException(KeyCodes.TokenTimeout, "Too many requests wait for the token.");
            if (Interlocked.Increment(ref _unfinished) <= _threads.Count || _threads.Count == _options.MaxSessions) return;
            var thread = new Thread(Work) { IsBackground = true, Name = "PKCS #11 session" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void Work()
    {
        CryptokiSession? session = null;
        while (_waiting.TryTake(out var request, Timeout.Infinite))
        {
            if (!request.IsGivenUp)
            {
                request.Begin();
                session = Serve(request, session);
                Volatile.Write(ref _hungAt, 0);
            }

            Interlocked.Decrement(ref _unfinished);
        }

        Close(session);
    }

    /// <summary>Does one request, and returns the session for the next.</summary>
    private CryptokiSession? Serve(IRequest request, CryptokiSession? session)
    {
        // First with the session that is there, then with a new one, then with a new one of the library started anew.
        for (var attempt = session is null ? 1 : 0; ; attempt++)
        {
            var generation = -1;
            try
            {
                var module = CryptokiModule.Load(_options.ModulePath);
                // Outside the module: the file may be as slow as a file can be.
                var pin = session is null ? _pin.Read() : null;
                return module.Use(() =>
                {
                    generation = module.Generation;
                    if (session is null) session = CryptokiSession.Open(module, _options.TokenLabel, (handle, flags) => _pin.LogIn(pin!, flags, module, handle));
                    else if (session.Generation != generation) throw new CryptokiException("C_GetSessionInfo", CryptokiNumbers.CkrSessionHandleInvalid);
                    _before?.Invoke();
                    request.Run(session);
                    return session;
                });
            }
            catch (CryptokiException e) when (e.IsSessionOver)
            {
                Close(session);
                session = null;
                var isLast = attempt == 2 || request.IsGivenUp;
                if (!isLast && (attempt == 0 || CryptokiModule.Load(_options.ModulePath).Restart(generation, e.IsFinalised))) continue;
                // A token that is gone can look like one without keys, until the library is started anew.
                request.Fail(e.IsKeyMissing && attempt < 2 ? new KeyUnavailableException(KeyCodes.TokenUnavailable, "The token cannot be looked through now.", e) : e.ToKeyUnavailable());
                return null;
            }
            catch (Exception e)
            {
                request.Fail(e is CryptokiException answered ? answered.ToKeyUnavailable() : e);
                return session;
            }
        }
    }

    private void Close(CryptokiSession? session)
    {
        if (session is null) return;
        try
        {
            var module = CryptokiModule.Load(_options.ModulePath);
            module.Use(() =>
            {
                if (session.Generation == module.Generation) session.Close();
                return true;
            });
        }
        catch (Exception e) when (e is CryptokiException or KeyUnavailableException)
        {
            // It is gone with what it belonged to.
        }
    }

    private sealed class Request<T>(Func<CryptokiSession, Func<bool>, T> work) : IRequest
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isGivenUp;
        private volatile bool _isBegun;

        public Task<T> Task => _done.Task;

        public bool IsGivenUp => _isGivenUp;

        public bool IsBegun => _isBegun;

        public void Begin() => _isBegun = true;

        public void GiveUp() => _isGivenUp = true;

        public void Run(CryptokiSession session) => _done.TrySetResult(work(session, () => _isGivenUp));

        public void Fail(Exception e)
        {
            _done.TrySetException(e);
            // Whoever asked may have left.
            _ = _done.Task.Exception;
        }
    }
}
