using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Hanzo.Drills.Traffic;

/// <summary>
/// The gateway that nodes charge cards at, speaking like Stripe's payment intents as far as nodes do. It is the one that knows how
/// often a card was really charged. Now and then it charges and then fails to say so, as gateways do.
/// </summary>
internal sealed class CardGateway(int seed) : IDisposable
{
    public const string Secret = "sk_drill";

    private const double FailsToTell = 0.02;

    private readonly List<HttpListener> _listeners = [];
    private readonly ConcurrentDictionary<string, Lazy<string>> _answers = new();
    private readonly ConcurrentDictionary<string, Intent> _intents = new();
    private readonly Random _random = new(seed);
    private int _numbers;

    /// <summary>How often each card was charged and not given back.</summary>
    public IReadOnlyDictionary<string, int> Charges =>
        _intents.Values.Where(intent => !intent.IsCanceled).GroupBy(intent => intent.Card).ToDictionary(card => card.Key, card => card.Count());

    /// <summary>Listens at a port of the network namespace that the calling thread is in, and serves until it is disposed of.</summary>
    public void Open(int port)
    {
        var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        listener.Start();
        _listeners.Add(listener);
        _ = Serve(listener);
    }

    /// <summary>What a node reads to charge here.</summary>
    /// <returns>The path of the file.</returns>
    public static string WriteFile(string file, int port)
    {
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, "gateway.key"), Secret);
        File.WriteAllText(file, $$"""{"gateways":[{"name":"drill","kind":"stripe","url":"http://127.0.0.1:{{port}}/","key_file":"gateway.key"}],"routes":[{"gateways":[{"name":"drill"}]}]}""");
        return file;
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Close();
    }

    private async Task Serve(HttpListener listener)
    {
        try
        {
            while (true)
                _ = Answer(await listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        try
        {
            var form = Form(await new StreamReader(context.Request.InputStream).ReadToEndAsync());
            var path = context.Request.Url!.AbsolutePath;
            var key = context.Request.Headers["Idempotency-Key"];
            // A key that comes again is answered as it was first, and does nothing.
            var text = key is null ? Do(path, form) : _answers.GetOrAdd(key, _ => new Lazy<string>(() => Do(path, form))).Value;
            context.Response.StatusCode = text.StartsWith("{\"error\"", StringComparison.Ordinal) ? 400 : Tells() ? 200 : 500;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The node went away: what was done stays done, and it will ask again.
            return;
        }
    }

    private bool Tells()
    {
        lock (_random)
            return _random.NextDouble() >= FailsToTell;
    }

    private string Do(string path, Dictionary<string, string> form)
    {
        var parts = path.Trim('/').Split('/');
        if (parts is ["v1", "payment_intents"])
        {
            var id = $"pi_{Interlocked.Increment(ref _numbers).ToString(CultureInfo.InvariantCulture)}";
            _intents[id] = new Intent(form["payment_method"]);
            return Say(id, "requires_capture");
        }
        if (parts is ["v1", "refunds"] && _intents.TryGetValue(form["payment_intent"], out var paid))
        {
            return paid.GiveBack(Amount("amount"))
                ? Say($"re_{Interlocked.Increment(ref _numbers).ToString(CultureInfo.InvariantCulture)}", "succeeded")
                : Refuse("charge_already_refunded");
        }
        if (parts is ["v1", "payment_intents", var named, ..] && _intents.TryGetValue(named, out var intent))
        {
            if (parts is [_, _, _, "cancel"])
                intent.IsCanceled = true;
            else if (parts is [_, _, _, "capture"])
                intent.Capture(Amount("amount_to_capture"));
            return Say(named, intent.IsCanceled ? "canceled" : intent.IsCaptured ? "succeeded" : "requires_capture");
        }
        return Refuse("resource_missing");

        long Amount(string name) => long.Parse(form[name], CultureInfo.InvariantCulture);
    }

    private static string Refuse(string code) => $$$"""{"error":{"type":"invalid_request_error","code":"{{{code}}}"}}""";

    private static string Say(string id, string status) => $$"""{"id":"{{id}}","status":"{{status}}"}""";

    private static Dictionary<string, string> Form(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[^1]));

    private sealed class Intent(string card)
    {
        private readonly Lock _gate = new();
        private long _kept;

        public string Card => card;

        public bool IsCanceled { get; set; }

        public bool IsCaptured { get; private set; }

        public void Capture(long amount)
        {
            lock (_gate)
                (_kept, IsCaptured) = (_kept + amount, true);
        }

        /// <summary>False where less was taken, or has not gone back yet.</summary>
        public bool GiveBack(long amount)
        {
            lock (_gate)
                return amount <= _kept && (_kept -= amount) >= 0;
        }
    }
}
