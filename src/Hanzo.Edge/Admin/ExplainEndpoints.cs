using System.Buffers;
using System.Net;
using System.Text.Json;
using Hanzo.Edge.Explaining;

namespace Hanzo.Edge.Admin;

/// <summary><c>GET /explain?client=IP</c> answers for one client, <c>POST /explain</c> for a file of them. Both take <c>host</c>, <c>path</c>, <c>method</c> and <c>whatIf</c>.</summary>
internal static class ExplainEndpoints
{
    /// <summary>Adds both to the admin side.</summary>
    public static void MapExplain(this IEndpointRouteBuilder admin, ExplainDesk desk)
    {
        admin.MapGet("/explain", context => OneAsync(context, desk));
        admin.MapPost("/explain", context => ManyAsync(context, desk));
    }

    /// <summary>Adds <c>GET /explain/dns?name=NAME&amp;ecs=NETWORK</c>, or with <c>client=IP</c> for a resolver that tells no network.</summary>
    public static void MapExplainDns(this IEndpointRouteBuilder admin, Func<EdgeAnswers?> answers) => admin.MapGet("/explain/dns", context =>
    {
        var query = context.Request.Query;
        var isSubnet = query.ContainsKey("ecs");
        if (!DnsQuestion.TryParseNetwork(query[isSubnet ? "ecs" : "client"], out var client))
            return AdminProblem.AnswerAsync(context, StatusCodes.Status400BadRequest, $"'{query[isSubnet ? "ecs" : "client"]}' is no network; ask with ?name=NAME&ecs=NETWORK or ?name=NAME&client=IP.");
        var (json, wrong) = DnsExplainer.Explain(answers(), new DnsQuestion(query["name"].ToString(), client, isSubnet));
        return json is null
            ? AdminProblem.AnswerAsync(context, StatusCodes.Status404NotFound, wrong!)
            : Results.Text(json, "application/json").ExecuteAsync(context);
    });

    private static async Task OneAsync(HttpContext context, ExplainDesk desk)
    {
        if (!IPAddress.TryParse(context.Request.Query["client"], out var client))
        {
            await AdminProblem.AnswerAsync(context, StatusCodes.Status400BadRequest, $"'{context.Request.Query["client"]}' is not an IPv4 or IPv6 address; ask with ?client=IP.");
            return;
        }
        if (await AskAsync(context, desk) is not var (explainer, route)) return;
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) explainer.Write(json, client, route);
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static async Task ManyAsync(HttpContext context, ExplainDesk desk)
    {
        if (await AskAsync(context, desk) is not var (explainer, route)) return;
        context.Response.ContentType = "application/x-ndjson";
        await AddressFile.ExplainAsync(context.Request.Body, context.Response.Body, explainer, route, context.RequestAborted);
    }

    private static async Task<(Explainer, Configuration.EdgeRoute)?> AskAsync(HttpContext context, ExplainDesk desk)
    {
        var query = context.Request.Query;
        var question = new ExplainQuestion(query["host"], query["path"], query["method"].ToString() is { Length: > 0 } method ? method : "GET") { WhatIf = [.. query["whatIf"].OfType<string>()] };
        var (answer, wrong) = await desk.AskAsync(question, context.RequestAborted);
        if (answer is null) await AdminProblem.AnswerAsync(context, StatusCodes.Status404NotFound, wrong!);
        return answer;
    }
}
