using Hanzo.Commerce.Node.Api;
using Hanzo.Commerce.Node.Api.V1;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>What holds stock, reservations, payments and orders, one line a part.</summary>
internal static class CommerceServices
{
    public static IServiceCollection AddCommerce(this IServiceCollection services, NodeOptions options) => services
        .AddSingleton(options.ApiKeys)
        .AddSingleton(provider => new RateLimits(options.RequestsPerSecond, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<CommerceShards>()
        .AddSingleton<ReservationSaga>()
        .AddSingleton(options.Gateways)
        .AddSingleton<PaymentSaga>()
        .AddHostedService<GatewayEar>()
        .AddSingleton<OrderSaga>()
        .AddSingleton<Lists>()
        .AddSingleton<Endpoints>()
        .AddSingleton<InventoryApi>()
        .AddSingleton<ReservationsApi>()
        .AddSingleton<PaymentsApi>()
        .AddSingleton<OrderDesk>()
        .AddSingleton<OrdersApi>()
        .AddSingleton<CheckoutApi>()
        .AddSingleton<WebhookSaga>()
        .AddSingleton(new WebhookGuard(options.WebhooksToPrivate, System.Net.Dns.GetHostAddressesAsync))
        .AddSingleton(provider => provider.GetRequiredService<WebhookGuard>().Http())
        .AddSingleton<WebhookSender>()
        .AddHostedService(provider => provider.GetRequiredService<WebhookSender>())
        .AddSingleton<WebhooksApi>()
        .AddHostedService<LeaderWork>();

    public static void MapCommerce(this WebApplication app)
    {
        var endpoints = app.Services.GetRequiredService<Endpoints>();
        app.Services.GetRequiredService<InventoryApi>().Map(endpoints, app);
        app.Services.GetRequiredService<ReservationsApi>().Map(endpoints, app);
        app.Services.GetRequiredService<PaymentsApi>().Map(endpoints, app);
        app.Services.GetRequiredService<OrdersApi>().Map(endpoints, app);
        app.Services.GetRequiredService<CheckoutApi>().Map(endpoints, app);
        app.Services.GetRequiredService<WebhooksApi>().Map(endpoints, app);
        DescriptionApi.Map(app);
    }
}
