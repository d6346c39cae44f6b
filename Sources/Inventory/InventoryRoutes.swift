package import HTTPEdge
import Kernel

extension Inventory {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.get("/v1/equipment", operation: "listEquipment", access: .member, handler: list)
        routes.get("/v1/equipment/{equipmentId}", operation: "getEquipment", access: .member, handler: read)
        routes.post(
            "/v1/centres/{centreId}/equipment", operation: "createEquipment", access: .member(.centreManager, .networkManager),
            handler: create)
        routes.patch(
            "/v1/equipment/{equipmentId}", operation: "changeEquipment", access: .member(.centreManager, .networkManager),
            handler: change)
        routes.post(
            "/v1/equipment/{equipmentId}/states", operation: "changeEquipmentState", access: .member(.centreManager, .networkManager),
            handler: changeState)
        routes.get(
            "/v1/equipment/{equipmentId}/history", operation: "getEquipmentHistory",
            access: .member(.instructor, .centreStaff, .centreManager, .networkManager, .networkAuditor), handler: history)
        addModels(to: routes)
        addTables(to: routes)
        addLabels(to: routes)
        addStocktakes(to: routes)
        addFunding(to: routes)
        addDocuments(to: routes)
        addStocks(to: routes)
        addKits(to: routes)
    }

    private func addStocks(to routes: EdgeRoutes) {
        let stock = "/v1/stocks/{stockId}"
        routes.get("/v1/stocks", operation: "listStocks", access: .member, handler: listStocks)
        routes.post(
            "/v1/centres/{centreId}/stocks", operation: "createStock", access: .member(.centreManager, .networkManager),
            handler: createStock)
        routes.get(stock, operation: "getStock", access: .member, handler: readStock)
        routes.put(stock, operation: "changeStock", access: .member(.centreManager, .networkManager), handler: changeStock)
        routes.post(
            "\(stock)/changes", operation: "changeStockAmount", access: .member(.centreStaff, .centreManager, .networkManager),
            handler: changeAmount)
        routes.get(
            "\(stock)/changes", operation: "listStockChanges",
            access: .member(.instructor, .centreStaff, .centreManager, .networkManager, .networkAuditor), handler: listStockChanges)
    }

    private func addKits(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        routes.get("/v1/kits", operation: "listKits", access: .member, handler: listKits)
        routes.post("/v1/centres/{centreId}/kits", operation: "createKit", access: managers, handler: createKit)
        routes.get("/v1/kits/{kitId}", operation: "getKit", access: .member, handler: readKit)
        routes.put("/v1/kits/{kitId}", operation: "changeKit", access: managers, handler: changeKit)
    }

    private func addFunding(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        let line = "/v1/funding-lines/{fundingLineId}"
        routes.post(
            "/v1/equipment/{equipmentId}/funding-lines", operation: "addFundingLine", access: managers, handler: addFundingLine)
        routes.get("/v1/funding-lines", operation: "listFundingLines", access: .member, handler: listFundingLines)
        routes.get(line, operation: "getFundingLine", access: .member, handler: readFundingLine)
        routes.put(line, operation: "changeFundingLine", access: managers, handler: changeFundingLine)
        routes.post("\(line)/end", operation: "endFundingLine", access: managers, handler: endFundingLine)
    }

    private func addDocuments(to routes: EdgeRoutes) {
        let staff = MemberAccess.member(.centreStaff, .centreManager, .networkManager)
        let documents = "/v1/resources/{resourceId}/documents"
        routes.get(documents, operation: "listDocuments", access: .member, handler: listDocuments)
        routes.post(documents, operation: "addDocument", access: staff, handler: addDocument)
        routes.delete("/v1/documents/{documentId}", operation: "removeDocument", access: staff, handler: removeDocument)
    }

    private func addLabels(to routes: EdgeRoutes) {
        routes.get(
            "/v1/resources/{resourceId}/qr-label.svg", operation: "getQrLabel", access: .member, handler: readQRLabel)
    }

    private func addStocktakes(to routes: EdgeRoutes) {
        let readers = MemberAccess.member(.instructor, .centreStaff, .centreManager, .networkManager, .networkAuditor)
        let staff = MemberAccess.member(.centreStaff, .centreManager, .networkManager)
        let stocktake = "/v1/stocktakes/{stocktakeId}"
        routes.post("/v1/centres/{centreId}/stocktakes", operation: "openStocktake", access: staff, handler: openStocktake)
        routes.get("/v1/centres/{centreId}/stocktakes", operation: "listStocktakes", access: readers, handler: listStocktakes)
        routes.get(stocktake, operation: "getStocktake", access: readers, handler: readStocktake)
        routes.get("\(stocktake)/lines", operation: "listStocktakeLines", access: readers, handler: listStocktakeLines)
        routes.post(
            "\(stocktake)/sightings", operation: "noteSighting",
            access: .member(.instructor, .centreStaff, .centreManager, .networkManager), handler: seeAsset)
        routes.get("\(stocktake)/stocks", operation: "listStocktakeStocks", access: readers, handler: listStocktakeStocks)
        routes.post(
            "\(stocktake)/counts", operation: "countStock", access: .member(.instructor, .centreStaff, .centreManager, .networkManager),
            handler: countStock)
        routes.post("\(stocktake)/closure", operation: "closeStocktake", access: staff, handler: closeStocktake)
    }

    private func addTables(to routes: EdgeRoutes) {
        routes.get(
            "/v1/centres/{centreId}/equipment.csv", operation: "exportEquipment",
            access: .member(.centreStaff, .centreManager, .networkManager, .networkAuditor), handler: exportAssets)
        routes.post(
            "/v1/centres/{centreId}/equipment-imports", operation: "importEquipment", access: .member(.centreManager, .networkManager),
            bodyLimit: Self.importLimit, takesFiles: true, handler: importAssets)
    }

    private func addModels(to routes: EdgeRoutes) {
        routes.get("/v1/equipment-categories", operation: "listEquipmentCategories", access: .member, handler: listCategories)
        routes.get("/v1/equipment-models", operation: "listEquipmentModels", access: .member, handler: listModels)
        routes.get("/v1/equipment-models/{modelId}", operation: "getEquipmentModel", access: .member, handler: readModel)
        routes.patch(
            "/v1/equipment-models/{modelId}", operation: "changeEquipmentModel", access: .member(.centreManager, .networkManager),
            handler: changeModel)
    }
}
